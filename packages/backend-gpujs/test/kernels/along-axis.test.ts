import { alongAxis } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { compute, computeAll, ints, tensor, vector } from '../support.js';

const x = tensor('float32', [2, 4], [1, 3, 3, 2, 4, NaN, 0, NaN]);

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('the first of the best, NaN before all', async () => {
    const backend = await gpujs({ mode });
    expect(await compute(backend, alongAxis.argMax, [x], { axis: 1 })).toEqual(ints(1, 1));
    expect(await compute(backend, alongAxis.argMin, [x], { axis: 1 })).toEqual(ints(0, 1));
    expect(await compute(backend, alongAxis.argMin, [x], { axis: 0 })).toEqual(ints(0, 1, 1, 1));
  });

  test('the k largest and where they are', async () => {
    const backend = await gpujs({ mode });
    expect(await computeAll(backend, alongAxis.topK, [x, tensor('int32', [], [3])])).toEqual([
      tensor('float32', [2, 3], [3, 3, 2, NaN, NaN, 4]),
      tensor('int32', [2, 3], [1, 2, 3, 1, 3, 0]),
    ]);
  });

  test.each([
    [false, false, [1, 3, 6]],
    [true, false, [0, 1, 3]],
    [false, true, [6, 5, 3]],
    [true, true, [5, 3, 0]],
  ])('sums so far, exclusive %s, reverse %s', async (exclusive, reverse, expected) => {
    const backend = await gpujs({ mode });
    const y = await compute(backend, alongAxis.cumsum, [vector(1, 2, 3)], { axis: 0, exclusive, reverse });
    expect(y).toEqual(vector(...expected));
  });

  test('sequences are reversed up to their length', async () => {
    const backend = await gpujs({ mode });
    const rows = tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]);
    const attrs = { seqAxis: 1, batchAxis: 0 };
    const y = await compute(backend, alongAxis.reverseSequence, [rows, ints(2, 3)], attrs);
    expect(y).toEqual(tensor('float32', [2, 3], [2, 1, 3, 6, 5, 4]));
    await expect(compute(backend, alongAxis.reverseSequence, [rows, ints(4, 0)], attrs)).rejects.toThrow(
      'ReverseSequence: length 4 of axis 1, expected 0 to 3.',
    );
  });
});
