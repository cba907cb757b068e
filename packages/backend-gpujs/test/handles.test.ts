import { describe, expect, test } from 'vitest';
import { HostFloats } from '../src/resident.js';
import { handlesOf, ints, tensor, vector } from './support.js';

describe('Handles', () => {
  test('counts handles, and once the bytes of what they share', async () => {
    const handles = handlesOf();
    const x = handles.hold(tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]));
    const y = handles.retain(x, [6]);
    expect(handles.stats()).toEqual({ handles: 2, bytes: 24 });
    handles.free(x);
    expect(handles.stats()).toEqual({ handles: 1, bytes: 24 });
    expect(await handles.read(y)).toEqual(vector(1, 2, 3, 4, 5, 6));
    handles.free(y);
    expect(handles.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  test('throws when a handle is used after it was freed, whoever else holds the tensor', async () => {
    const handles = handlesOf();
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
    expect(await handles.read(y)).toEqual(vector(1));
  });

  test('throws on tensors of another backend, on float64, and on shapes of another size', () => {
    const handles = handlesOf();
    const x = handles.hold(vector(1, 2));
    expect(() => handlesOf().free(x)).toThrow(
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

  test('integers from the host stay exact there; what kernels left is read in its dtype', async () => {
    const handles = handlesOf();
    const big = handles.hold(ints(2 ** 24 + 1));
    expect((await handles.resident(big)).argument).toEqual(Float32Array.of(2 ** 24));
    expect(await handles.read(big)).toEqual(ints(2 ** 24 + 1));
    const computed = new HostFloats(Float32Array.of(0, 1), 2);
    expect(await handles.read(handles.place('bool', [2], computed))).toEqual(tensor('bool', [2], [0, 1]));
    expect(await handles.read(handles.place('int32', [2], computed))).toEqual(ints(0, 1));
  });

  test('elements come to the device once, and leave it with their last reference', async () => {
    const handles = handlesOf();
    const x = handles.hold(vector(1));
    const resident = await handles.resident(x);
    expect(await handles.resident(handles.retain(x))).toBe(resident);
    let deleted = 0;
    const counted = Object.assign(new HostFloats(Float32Array.of(1), 1), { delete: () => deleted++ });
    const y = handles.place('float32', [1], counted);
    const z = handles.retain(y);
    handles.free(y);
    expect(deleted).toBe(0);
    handles.free(z);
    expect(deleted).toBe(1);
  });
});
