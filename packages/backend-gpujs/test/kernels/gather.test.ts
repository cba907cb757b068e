import { create, indexing } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { inAxes, startsOf } from '../../src/kernels/gather.js';
import { compute, ints, tensor } from '../support.js';

const x = tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]);
const scalar = (v: number) => tensor('float32', [], [v]);

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('reads by index along an axis, or along the first ones', async () => {
    const backend = await gpujs({ mode });
    expect(await compute(backend, indexing.gather, [x, ints(2, 0)], { axis: 1 })).toEqual(
      tensor('float32', [2, 2], [3, 1, 6, 4]),
    );
    const at = tensor('int32', [2, 2], [1, 0, 0, 2]);
    expect((await compute(backend, indexing.gatherNd, [x, at])).data).toEqual(Float32Array.of(4, 3));
  });

  test('an index that is nowhere fails, in the words of the host', async () => {
    const backend = await gpujs({ mode });
    await expect(compute(backend, indexing.gather, [x, ints(2)], { axis: 0 })).rejects.toThrow(
      'GatherV2: index 2 at position 0 is out of range for axis 0 of length 2, expected 0 to 1.',
    );
    await expect(compute(backend, indexing.gatherNd, [x, tensor('int32', [1, 1], [-1])])).rejects.toThrow(
      'GatherNd: index -1',
    );
  });

  test('one-hot rows, none for an index out of range, also one that float32 rounds', async () => {
    const backend = await gpujs({ mode });
    const inputs = [ints(1, -1, 2 ** 31 - 1), tensor('int32', [], [2]), scalar(5), scalar(-5)];
    expect((await compute(backend, create.oneHot, inputs, { axis: 1 })).data).toEqual(
      Float32Array.of(-5, 5, -5, -5, -5, -5),
    );
  });
});

test('indices [..., k] name where parts begin', () => {
  const at = tensor('int32', [2, 1], [1, 0]);
  expect(startsOf(at, [2, 3])).toEqual(Float32Array.of(3, 0));
  expect(inAxes(at, [2, 3])).toBe(true);
  expect(inAxes(at, [1, 3])).toBe(false);
});
