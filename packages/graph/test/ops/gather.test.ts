import { beforeEach, describe, expect, test } from 'vitest';
import {
  constant,
  dimOf,
  gather,
  gatherNd,
  placeholder,
  resetDefaultGraph,
  scatterNd,
  shapeOf,
  unsortedSegmentSum,
} from '../../src/index.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

const at = (...shape: (number | null)[]) => placeholder('int32', shape, { name: 'at' });

describe('gather', () => {
  test('puts the axes of the indices where the axis was', () => {
    expect(specs(gather(x([5, 3]), at(2, null)))).toEqual(['float32[2,?,3]']);
    expect(specs(gather(x([5, 3, 4], 'bool'), at(), { axis: 1 }))).toEqual(['bool[5,4]']);
    expect(specs(gather(x([5, null]), at(7), { axis: -1 }))).toEqual(['float32[5,7]']);
    expect(specs(gather(x(), at(7)), gather(x([5]), placeholder('int32')))).toEqual(['float32[...]', 'float32[...]']);
  });

  test('of static shapes gives static numbers', () => {
    expect(gather(shapeOf(x([5, null, 7])), [2, 0]).value).toEqual([7, 5]);
    expect(gather(constant([3, 4], { dtype: 'int32' }), 1).value).toEqual([4]);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => gather(x([5]), x([2])))).toMatch(
      /^GatherV2: expected int32 indices, got float32\[2\]\. Use cast/,
    );
    expect(messageFrom(() => gather(x([5]), at(2), { axis: 1 }))).toMatch(/^GatherV2: axis 1 is out of range/);
    expect(messageFrom(() => gather(x([]), at(2)))).toMatch(/^GatherV2: axis 0 is out of range/);
  });
});

describe('gatherNd and scatterNd', () => {
  test('name positions along the first axes', () => {
    expect(specs(gatherNd(x([5, 3, 2]), at(null, 2)))).toEqual(['float32[?,2]']);
    expect(specs(gatherNd(x([5, 3]), at(4, 0)), gatherNd(x([5, 3]), at(4, null)))).toEqual([
      'float32[4,5,3]',
      'float32[...]',
    ]);
    expect(specs(scatterNd(at(4, 1), x([4, 3]), [5, 3]))).toEqual(['float32[5,3]']);
    expect(specs(scatterNd(at(4, 1), x([4, 3]), [dimOf(x([null]), 0), 3]))).toEqual(['float32[?,3]']);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => gatherNd(x([5, 3]), at(4, 3)))).toMatch(
      /^GatherNd: indices \[4,3\] name 3 axes each, but \[5,3\] has 2/,
    );
    expect(messageFrom(() => gatherNd(x([5, 3]), at()))).toMatch(
      /^GatherNd: expected indices of rank 1 or more, got a scalar/,
    );
    expect(messageFrom(() => scatterNd(at(4, 1), x([3, 3]), [5, 3]))).toMatch(
      /^ScatterNd: expected updates of shape \[4,3\] for indices \[4,1\] into \[5,3\], got \[3,3\]/,
    );
    expect(messageFrom(() => scatterNd(at(4, 1), x([4], 'bool'), [5]))).toMatch(/^ScatterNd: expected numbers/);
  });
});

describe('unsortedSegmentSum', () => {
  test('replaces the axes of the ids by the number of segments', () => {
    expect(specs(unsortedSegmentSum(x([5, 3]), at(5), 4))).toEqual(['float32[4,3]']);
    expect(specs(unsortedSegmentSum(x([5, 3, 2]), at(5, null), at()))).toEqual(['float32[?,2]']);
    expect(specs(unsortedSegmentSum(x(), at(5), 4))).toEqual(['float32[...]']);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => unsortedSegmentSum(x([5]), at(4), 2))).toMatch(
      /^UnsortedSegmentSum: expected ids of a shape that float32\[5\] begins with, got \[4\]/,
    );
    expect(messageFrom(() => unsortedSegmentSum(x([5]), at(5), -1))).toMatch(/^UnsortedSegmentSum: -1 segments/);
    expect(messageFrom(() => unsortedSegmentSum(x([5]), at(5), [2]))).toMatch(
      /^UnsortedSegmentSum: expected the number/,
    );
  });
});
