import { reduce, shape, sizeOf } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { onHost } from '../../src/kernel.js';
import { compute, tensor, vector } from '../support.js';

const dims = [2, 3, 1, 4];
const x = tensor(
  'float32',
  dims,
  Array.from({ length: sizeOf(dims) }, (_, i) => ((i * 5) % 7) - 3),
);
/** Every set of axes: together at the front, in the middle and at the end, and apart. */
const axisSets = Array.from({ length: 16 }, (_, bits) => [0, 1, 2, 3].filter((axis) => (bits >> axis) & 1));

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test.each(['sum', 'max', 'min', 'prod'] as const)('%s over any axes is the host’s', async (key) => {
    const backend = await gpujs({ mode });
    for (const axes of [null, ...axisSets]) {
      for (const keepDims of [false, true]) {
        const [expected] = onHost(reduce[key])([x], { axes, keepDims });
        expect(await compute(backend, reduce[key], [x], { axes, keepDims })).toEqual(expected);
      }
    }
  });

  test('reduces more elements than gpu.js lets a loop have rounds', async () => {
    const backend = await gpujs({ mode });
    const many = vector(...Array.from({ length: 3000 }, (_, i) => i % 3));
    const all = { axes: null, keepDims: false };
    expect(await compute(backend, reduce.sum, [many], all)).toEqual(tensor('float32', [], [3000]));
    expect(await compute(backend, reduce.mean, [many], all)).toEqual(tensor('float32', [], [1]));
  });

  test.each([
    [[4200, 15], [0]],
    [[15, 4200], [1]],
    [
      [30, 40, 20],
      [0, 2],
    ],
    [[1031], null],
  ])('long axes are folded in parts: of %j the axes %j', async (shapeOfX, axes) => {
    const backend = await gpujs({ mode });
    const long = tensor(
      'float32',
      shapeOfX,
      Array.from({ length: sizeOf(shapeOfX) }, (_, i) => Math.sin(i)),
    );
    for (const key of ['sum', 'mean', 'max'] as const) {
      const [expected] = onHost(reduce[key])([long], { axes, keepDims: false });
      const y = await compute(backend, reduce[key], [long], { axes, keepDims: false });
      expect(y.shape).toEqual(expected.shape);
      y.data.forEach((v, i) => expect(v).toBeCloseTo(expected.data[i], 4));
    }
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  });

  test('NaN wins wherever it is', async () => {
    const backend = await gpujs({ mode });
    const rows = tensor('float32', [3, 3], [NaN, 1, 2, 1, NaN, 2, 1, 2, NaN]);
    for (const op of [reduce.max, reduce.min]) {
      expect(await compute(backend, op, [rows], { axes: [1], keepDims: false })).toEqual(vector(NaN, NaN, NaN));
    }
  });

  test('SumTo sums what broadcasting would have repeated', async () => {
    const backend = await gpujs({ mode });
    for (const to of [[], [4], [1, 4], [3, 1, 1], [2, 1, 1, 4], [1, 3, 1, 1], dims]) {
      const inputs = [x, tensor('int32', [to.length], to)];
      expect(await compute(backend, shape.sumTo, inputs)).toEqual(onHost(shape.sumTo)(inputs, {})[0]);
    }
  });
});
