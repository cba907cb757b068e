import { constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { checkCounts, checkedClasses, expectedCount } from '../src/candidate-sampler.js';
import { run } from './sampling.js';

beforeEach(() => resetDefaultGraph());

test('true classes are int32 [batch, numTrue], as far as it is known', () => {
  expect(checkedClasses('f', [[1], [2]], 1).shape).toEqual([2, 1]);
  const unknown = placeholder('int32', [null, null]);
  expect(checkedClasses('f', unknown, 3)).toBe(unknown);
  expect(() => checkedClasses('f', [1, 2], 1)).toThrow(/^f: expected true classes int32 \[batch, 1\], got int32\[2\]/);
  expect(() => checkedClasses('f', placeholder('float32', [2, 1]), 1)).toThrow(/got float32\[2,1\]/);
});

test('counts are positive integers', () => {
  checkCounts('f', { a: 1, b: 20 });
  expect(() => checkCounts('f', { a: 1, b: 1.5 })).toThrow(/^f: expected b to be a positive integer, got 1.5/);
});

test('what is expected of n tries, some in vain, or none', () => {
  const p = constant([0, 0.25, 1]);
  const [drawn, vain, none] = [p, constant(7, { dtype: 'int32' }), constant(4, { dtype: 'int32' })];
  const [twice, different, lucky] = run([
    expectedCount(p, 4, false, { drawn, tries: none }),
    expectedCount(p, 4, true, { drawn, tries: vain }),
    expectedCount(p, 4, true, { drawn, tries: none }),
  ]) as number[][];
  expect(twice).toEqual([0, 1, 4]);
  expect(lucky).toEqual([0, 1, 4]);
  [0, 1 - 0.75 ** 7, 1].forEach((v, i) => expect(different[i]).toBeCloseTo(v, 6));
});
