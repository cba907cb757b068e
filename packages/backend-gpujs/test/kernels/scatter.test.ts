import { indexing } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { compute, ints, tensor } from '../support.js';

const at = tensor('int32', [3, 1], [2, 0, 2]);
const updates = tensor('float32', [3, 2], [1, 2, 3, 4, 5, 6]);
const x = tensor('float32', [3, 2], [10, 20, 30, 40, 50, 60]);
const rows = (...values: number[]) => tensor('float32', [3, 2], values);

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('what goes to one place is added, or the last one stays', async () => {
    const backend = await gpujs({ mode });
    expect(await compute(backend, indexing.scatterNd, [at, updates, ints(3, 2)])).toEqual(rows(3, 4, 0, 0, 6, 8));
    expect(await compute(backend, indexing.tensorScatterAdd, [x, at, updates])).toEqual(rows(13, 24, 30, 40, 56, 68));
    expect(await compute(backend, indexing.tensorScatterUpdate, [x, at, updates])).toEqual(rows(3, 4, 30, 40, 5, 6));
  });

  test('segments: negative ones count nowhere, those beyond the end fail', async () => {
    const backend = await gpujs({ mode });
    const sum = (...ids: number[]) =>
      compute(backend, indexing.unsortedSegmentSum, [updates, ints(...ids), tensor('int32', [], [3])]);
    expect(await sum(1, -1, 1)).toEqual(rows(0, 0, 6, 8, 0, 0));
    await expect(sum(0, 1, 3)).rejects.toThrow('UnsortedSegmentSum: index 3 at position 2');
  });
});
