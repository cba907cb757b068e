import { describe, expect, test } from 'vitest';
import { Handles } from '../src/handles.js';
import { tensor, vector } from './support.js';

describe('Handles', () => {
  test('counts handles, and once the bytes of what they share', () => {
    const handles = new Handles();
    const x = handles.hold(tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]));
    const y = handles.retain(x, [6]);
    expect(handles.stats()).toEqual({ handles: 2, bytes: 24 });
    handles.free(x);
    expect(handles.stats()).toEqual({ handles: 1, bytes: 24 });
    expect(handles.read(y)).toEqual(vector(1, 2, 3, 4, 5, 6));
    handles.free(y);
    expect(handles.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  test('throws when a handle is used after it was freed, whoever else holds the tensor', () => {
    const handles = new Handles();
    const x = handles.hold(vector(1));
    const y = handles.retain(x);
    handles.free(x);
    for (const [action, use] of [
      ['free', () => handles.free(x)],
      ['read', () => handles.read(x)],
      ['retain', () => handles.retain(x)],
    ] as const) {
      expect(use).toThrow(
        new Error(`gpujs: ${action} of a tensor that was freed before. Retain it once for each free.`),
      );
    }
    expect(handles.read(y)).toEqual(vector(1));
  });

  test('throws on tensors of another backend, on float64, and on shapes of another size', () => {
    const handles = new Handles();
    const x = handles.hold(vector(1, 2));
    expect(() => new Handles().free(x)).toThrow(
      new Error('gpujs: free of a tensor of another backend. Download it there and upload it here.'),
    );
    expect(() => handles.hold(tensor('float64', [], [1]))).toThrow(
      new TypeError('gpujs: holds float32, int32 and bool, got float64. Use cast().'),
    );
    expect(() => handles.retain(x, [3])).toThrow(
      new RangeError('gpujs: retain of 2 elements in shape [3], which holds 3. Give a shape of that size.'),
    );
    expect(handles.stats()).toEqual({ handles: 1, bytes: 8 });
  });
});
