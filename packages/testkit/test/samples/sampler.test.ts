import { reduce, sizeOf } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int, ints, sampleShapes, samplersOf } from '../../src/samples/sampler.js';
import { reduceSamplers } from '../../src/samples/reduce.js';

describe('samplersOf', () => {
  it('pairs each op of a family with its sampler', () => {
    const { sum, max } = reduce;
    const [[, sampler]] = reduceSamplers;
    const draw = (): fc.Arbitrary<never> => fc.constantFrom<never>();
    const own = { dtypes: ['float32'], draw } as const;
    expect(samplersOf({ sum, max }, { sum: own, max: own }).map(([op]) => op)).toEqual([sum, max]);
    expect(reduceSamplers.map(([op]) => op)).toEqual(Object.values(reduce));
    expect(sampler.dtypes).toContain('float32');
  });
});

describe('sampleShapes', () => {
  it('are small, but for some long rows', () => {
    const drawn = fc.sample(sampleShapes({ minRank: 1 }), { numRuns: 200, seed: 1 });
    expect(drawn.every((s) => s.length > 0)).toBe(true);
    const long = drawn.filter((s) => Math.max(...s) > 5);
    expect(long.length).toBeGreaterThan(20);
    expect(long.length).toBeLessThan(100);
    expect(long.every((s) => s.length <= 2 && sizeOf(s) <= 1600)).toBe(true);
  });
});

describe('host operands', () => {
  it('are int32 vectors and scalars', () => {
    expect([ints([1, -2]), int(3)].map((x) => [x.dtype, x.shape, Array.from(x.data)])).toEqual([
      ['int32', [2], [1, -2]],
      ['int32', [], [3]],
    ]);
  });
});
