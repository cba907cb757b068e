import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import golden from '../../../testkit/golden/summaries.json' with { type: 'json' };
import { countValues } from '../../src/summary/histogram-counts.js';
import { valueOf } from './support.js';

test.each(Object.entries(golden.histograms))('%s: the buckets are TensorFlow’s', (_, entry) => {
  const { limits, counts } = countValues(valueOf(entry).data);
  expect(limits).toEqual(entry.limits);
  expect(counts).toEqual(entry.counts);
});

const double = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('laws', () => {
  test('every value is in one bucket, below its limit and not below the one before', () => {
    fc.assert(
      fc.property(fc.array(double, { minLength: 1 }), (values) => {
        const { limits, counts, num, min, max } = countValues(values);
        expect(counts.reduce((a, b) => a + b)).toBe(values.length);
        expect(num).toBe(values.length);
        expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
        counts.forEach((count, i) => {
          const from = limits.at(i - 1) ?? -Infinity;
          const low = i === 0 ? -Infinity : from;
          const inside = values.filter((v) => v >= low && (v < limits[i] || limits[i] === Number.MAX_VALUE));
          expect(inside).toHaveLength(count);
        });
      }),
    );
  });

  test('limits rise, and no two empty buckets are next to each other', () => {
    fc.assert(
      fc.property(fc.array(double), (values) => {
        const { limits, counts } = countValues(values);
        limits.slice(1).forEach((limit, i) => expect(limit).toBeGreaterThan(limits[i]));
        counts.slice(1).forEach((count, i) => expect(count + counts[i]).toBeGreaterThan(0));
      }),
    );
  });
});

test('the largest numbers have buckets too', () => {
  const { counts, limits } = countValues([Number.MAX_VALUE, -Number.MAX_VALUE]);
  expect(counts.reduce((a, b) => a + b)).toBe(2);
  expect(limits.at(-1)).toBe(Number.MAX_VALUE);
});

test.each([NaN, Infinity, -Infinity])('%s is refused', (bad) => {
  expect(() => countValues([1, bad, 2])).toThrow(
    new RangeError(
      `element 1 of 3 is ${bad}, expected finite numbers. Find out where it comes from: new Session({ checkNumerics: true }).`,
    ),
  );
});
