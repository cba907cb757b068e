import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { dimOf, placeholder, resetDefaultGraph, shapeOf, stack, stridedAxis, stridedSlice } from '../../src/index.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

const none = { openBegin: [], openEnd: [], single: [] };

test('stridedAxis takes what Python takes with the same bounds', () => {
  const bound = fc.integer({ min: -9, max: 9 });
  const stride = bound.filter((n) => n !== 0);
  fc.assert(
    fc.property(fc.nat(6), bound, bound, stride, (length, begin, end, step) => {
      // By definition: all i from begin on, by step, while they are before end and in the axis.
      const clip = (i: number): number => (i < 0 ? i + length : i);
      const [from, to] = [clip(begin), clip(end)];
      const expected = Array.from({ length }, (_, i) => (step > 0 ? i : length - 1 - i)).filter((i) => {
        const first = step > 0 ? Math.max(0, from) : Math.min(length - 1, from);
        const inside = step > 0 ? i >= first && i < to : i <= first && i > Math.max(to, -1);
        return inside && (i - first) % step === 0;
      });
      const taken = stridedAxis(length, 0, [begin, end, step], none);
      expect(Array.from({ length: taken.length }, (_, i) => taken.start + i * taken.stride)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

describe('stridedSlice', () => {
  test('static shapes', () => {
    expect(specs(stridedSlice(x([5, 4]), [1, 0], [4, 3], [2, 1]))).toEqual(['float32[2,3]']);
    expect(specs(stridedSlice(x([5, 4]), [1], [3]))).toEqual(['float32[2,4]']);
    expect(specs(stridedSlice(x([null, 4]), [1, 0], [3, 2]))).toEqual(['float32[?,2]']);
    expect(specs(stridedSlice(x([null, 4]), [0, 0], [0, 2], [1, 1], { shrinkAxisMask: 1 }))).toEqual(['float32[2]']);
    expect(specs(stridedSlice(x([5, 4]), [0, 0], [0, 0], [1, 1], { ellipsisMask: 1, newAxisMask: 2 }))).toEqual([
      'float32[5,4,1]',
    ]);
    expect(specs(stridedSlice(x([5, 4]), stack([dimOf(x([null]), 0), 0]), [3, 2]))).toEqual(['float32[?,2]']);
  });

  test('of a static shape stays static', () => {
    expect(stridedSlice(shapeOf(x([5, null, 7])), [-1], [0], [1], { shrinkAxisMask: 1 }).value).toEqual([7]);
    expect(stridedSlice(shapeOf(x([5, 6, 7])), [0], [0], [-1], { beginMask: 1, endMask: 1 }).value).toEqual([7, 6, 5]);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => stridedSlice(x([5]), [1, 0], [3, 2]))).toMatch(
      /^StridedSlice: 2 entries for the 1 axes of float32\[5\]/,
    );
    expect(messageFrom(() => stridedSlice(x([5]), [1], [3], [0]))).toMatch(/^StridedSlice: the stride of axis 0 is 0/);
    expect(messageFrom(() => stridedSlice(x([5]), [7], [8], [1], { shrinkAxisMask: 1 }))).toMatch(
      /^StridedSlice: index 7 is not in axis 0 of length 5, expected -5 to 4/,
    );
    expect(messageFrom(() => stridedSlice(x([5]), placeholder('int32', [null]), placeholder('int32', [null])))).toMatch(
      /^StridedSlice: expected begin and end as vectors of known length/,
    );
  });
});
