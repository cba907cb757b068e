import { shape, strided } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { compute, ints, tensor, vector } from '../support.js';

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('padding surrounds by zeros', async () => {
    const backend = await gpujs({ mode });
    const paddings = tensor('int32', [2, 2], [1, 0, 0, 2]);
    expect(await compute(backend, shape.pad, [tensor('float32', [1, 2], [1, 2]), paddings])).toEqual(
      tensor('float32', [2, 4], [0, 0, 0, 0, 1, 2, 0, 0]),
    );
    expect(await compute(backend, shape.pad, [tensor('bool', [], [1]), tensor('int32', [0, 2], [])])).toEqual(
      tensor('bool', [], [1]),
    );
  });

  test('a slice with steps goes back to where it came from, also backwards', async () => {
    const backend = await gpujs({ mode });
    const attrs = { openBegin: [], openEnd: [], single: [] };
    const back = (begin: number, end: number, step: number, ...dy: number[]) =>
      compute(backend, strided.stridedSliceGrad, [ints(6), ints(begin), ints(end), ints(step), vector(...dy)], attrs);
    expect(await back(1, 6, 2, 7, 8, 9)).toEqual(vector(0, 7, 0, 8, 0, 9));
    expect(await back(-1, 0, -3, 7, 8)).toEqual(vector(0, 0, 8, 0, 0, 7));
  });
});
