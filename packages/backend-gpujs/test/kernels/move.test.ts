import { create, shape, strided } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { compute, computeAll, ints, tensor, vector } from '../support.js';

const x = tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]);

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('elements are moved by strides', async () => {
    const backend = await gpujs({ mode });
    expect(await compute(backend, shape.transpose, [x], { perm: [1, 0] })).toEqual(
      tensor('float32', [3, 2], [1, 4, 2, 5, 3, 6]),
    );
    expect(await compute(backend, shape.slice, [x, ints(0, 1), ints(2, -1)])).toEqual(
      tensor('float32', [2, 2], [2, 3, 5, 6]),
    );
    expect(await compute(backend, shape.reverse, [x], { axes: [1] })).toEqual(
      tensor('float32', [2, 3], [3, 2, 1, 6, 5, 4]),
    );
    const attrs = { openBegin: [], openEnd: [], single: [] };
    expect(await compute(backend, strided.stridedSlice, [x, ints(1, 2), ints(-3, 0), ints(-1, -2)], attrs)).toEqual(
      tensor('float32', [2, 1], [6, 3]),
    );
  });

  test('results are as many as the op has, an empty one among them', async () => {
    const backend = await gpujs({ mode });
    expect(await computeAll(backend, shape.unpack, [x], { axis: 1, num: 3 })).toEqual([
      vector(1, 4),
      vector(2, 5),
      vector(3, 6),
    ]);
    expect(await computeAll(backend, shape.split, [x, ints(1, 0, 2)], { axis: 1, num: 3 })).toEqual([
      tensor('float32', [2, 1], [1, 4]),
      tensor('float32', [2, 0], []),
      tensor('float32', [2, 2], [2, 3, 5, 6]),
    ]);
  });

  test('numbers are made', async () => {
    const backend = await gpujs({ mode });
    expect(await compute(backend, create.fill, [ints(2), tensor('float32', [], [7])])).toEqual(vector(7, 7));
    const bounds = [1, 2, 0.25].map((v) => tensor('float32', [], [v]));
    expect(await compute(backend, create.range, bounds, { dtype: 'float32' })).toEqual(vector(1, 1.25, 1.5, 1.75));
  });
});
