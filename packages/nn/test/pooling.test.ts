import { gradients } from '@tensorloom/autodiff';
import { constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { ndarrays, shapes } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { checkSmooth, run } from './support.js';

beforeEach(() => resetDefaultGraph());

test.each(['SAME', 'VALID'] as const)('gradients, orders 1 and 2, %s', (padding) => {
  checkSmooth([[1, 3, 4, 2]], ([x]) => nn.maxPool(x, 2, [1, 2], padding));
  checkSmooth([[1, 3, 4, 2]], ([x]) => nn.avgPool(x, [2, 3], 2, padding));
});

test('padding counts for nothing', () => {
  const x = [[[-1], [-2], [-3]]];
  expect(run([nn.maxPool(x, 2, 2, 'SAME'), nn.avgPool(x, 2, 2, 'SAME'), nn.avgPool(x, 2, 1, 'VALID')])).toEqual([
    [-1, -3],
    [-1.5, -3],
    [-1.5, -2.5],
  ]);
});

test('static shapes, and unknown ones', () => {
  const x = placeholder('float32', [null, 7, null, 2]);
  for (const pool of [nn.maxPool, nn.avgPool]) {
    expect(pool(x, [1, 2, 2, 1], [1, 2, 2, 1], 'SAME').shape).toEqual([null, 4, null, 2]);
    expect(pool(x, [3, 1], [2, 1], 'VALID').shape).toEqual([null, 3, null, 2]);
  }
});

test('of equal elements the first takes the gradient', () => {
  const x = constant([[[5], [5], [1]]]);
  const [dx] = gradients(nn.maxPool(x, 2, 1, 'VALID'), [x]);
  if (dx === null) throw new Error('no gradient');
  expect(run([dx])).toEqual([[1, 1, 0]]);
});

test('the largest is at least the mean, and the mean of equal elements is theirs', () => {
  const arrays = shapes({ minRank: 4, maxRank: 4, minLength: 1, maxLength: 4 }).chain((s) => ndarrays('float64', s));
  fc.assert(
    fc.property(arrays, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), (x, size, stride) => {
      resetDefaultGraph();
      const t = constant(x);
      const [largest, mean, same] = run([
        nn.maxPool(t, size, stride, 'SAME'),
        nn.avgPool(t, size, stride, 'SAME'),
        nn.avgPool(constant(3, { shape: x.shape, dtype: 'float64' }), size, stride, 'SAME'),
      ]);
      largest.forEach((v, i) => expect(v).toBeGreaterThanOrEqual(mean[i] - 1e-12));
      same.forEach((v) => expect(v).toBeCloseTo(3, 12));
    }),
    { numRuns: 20 },
  );
});

test('errors', () => {
  expect(() => nn.maxPool(placeholder('float32', [2, 3]), 2, 1, 'SAME')).toThrow(
    /^maxPool: expected \[batch, \.\.\.spatial, channels\]/,
  );
  expect(() => nn.avgPool(placeholder('float32', [2, 3, 1]), 0, 1, 'SAME')).toThrow(
    /^avgPool: expected ksize as a positive integer/,
  );
  expect(() => nn.avgPool(placeholder('int32', [2, 3, 1]), 1, 1, 'SAME')).toThrow(
    /^avgPool: expected floating elements/,
  );
});
