import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRowMajor, mergeAxes, rowMajor, strideAlong } from '../../src/loop/axes.js';

/** The offsets of all elements, in row-major order. */
const offsets = (lengths: readonly number[], strides: readonly number[]): number[] =>
  lengths.reduce<number[]>(
    (at, n, i) => at.flatMap((o) => Array.from({ length: n }, (_, k) => o + k * strides[i])),
    [0],
  );

const lengthsOf = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 });

describe('mergeAxes', () => {
  it('walks the same elements in the same order, along as few axes as can be', () => {
    const walks = lengthsOf.chain((lengths) =>
      fc.record({
        lengths: fc.constant(lengths),
        strides: fc.array(
          fc.array(fc.constantFrom(0, 4, 8, 12), { minLength: lengths.length, maxLength: lengths.length }),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
      }),
    );
    fc.assert(
      fc.property(walks, ({ lengths, strides }) => {
        const merged = mergeAxes(lengths, strides);
        strides.forEach((s, i) => {
          const along = merged.map((axis) => axis.strides[i]);
          expect(
            offsets(
              merged.map((axis) => axis.length),
              along,
            ),
          ).toEqual(offsets(lengths, s));
        });
        expect(merged.every(({ length }) => length > 1)).toBe(true);
      }),
    );
    expect(mergeAxes([2, 3, 4], [rowMajor([2, 3, 4], 4)])).toEqual([{ length: 24, strides: [4] }]);
    expect(
      mergeAxes(
        [2, 3],
        [
          [12, 4],
          [0, 4],
        ],
      ),
    ).toHaveLength(2);
  });
});

describe('strides', () => {
  it('stay where a tensor broadcasts', () => {
    expect(strideAlong([5, 2, 3], [2, 1], [4, 4])).toEqual([0, 4, 0]);
    expect(strideAlong([2], [], [])).toEqual([0]);
  });

  it('are row-major when elements follow each other, whatever those of axes of length 1 are', () => {
    fc.assert(fc.property(lengthsOf, (shape) => isRowMajor(shape, rowMajor(shape, 8), 8)));
    expect(isRowMajor([3, 1, 2], [8, 999, 4], 4)).toBe(true);
    expect(isRowMajor([3, 2], [4, 12], 4)).toBe(false);
    expect(isRowMajor([3, 2], [12, 4], 4)).toBe(false);
  });
});
