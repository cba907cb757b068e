import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { checkSmooth, run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('moments are mean and variance', () => {
  fc.assert(
    fc.property(ndarrays('float64', [4, 3]), (x) => {
      resetDefaultGraph();
      const [mean, variance] = run(nn.moments(constant(x), 0));
      for (let j = 0; j < 3; j++) {
        const column = Array.from({ length: 4 }, (_, i) => x.data[3 * i + j]);
        const m = column.reduce((a, b) => a + b) / 4;
        expect(mean[j]).toBeCloseTo(m, 9);
        expect(variance[j]).toBeCloseTo(column.reduce((a, b) => a + (b - m) ** 2, 0) / 4, 9);
      }
    }),
    { numRuns: 10 },
  );
});

test('shapes with axes kept or dropped', () => {
  const x = constant(1, { shape: [2, 3, 4] });
  expect(nn.moments(x, [0, 2]).map((t) => t.shape)).toEqual([[3], [3]]);
  expect(nn.moments(x, [0, 2], { keepDims: true }).map((t) => t.shape)).toEqual([
    [1, 3, 1],
    [1, 3, 1],
  ]);
});

test('both spellings of keepdims', () => {
  const x = constant(1, { shape: [2, 3] });
  expect(nn.moments(x, 1, { keepdims: true })[0].shape).toEqual([2, 1]);
  expect(nn.moments(x, [-1], { keepDims: true })[1].shape).toEqual([2, 1]);
});

test('of integers is an error', () => {
  expect(() => nn.moments(constant([1], { dtype: 'int32' }), 0)).toThrow('moments: expected floating elements');
});

test('normalised by its own moments, x has mean 0 and variance 1, then what offset and scale say', () => {
  const x = constant([[1], [2], [6]], { dtype: 'float64' });
  const [mean, variance] = nn.moments(x, 0);
  const [plain, moved] = run([
    nn.batchNormalization(x, mean, variance, null, null, 0),
    nn.batchNormalization(x, mean, variance, 5, 2, 0),
  ]);
  expect(plain.reduce((a, b) => a + b)).toBeCloseTo(0, 9);
  expect(plain.reduce((a, b) => a + b * b, 0) / 3).toBeCloseTo(1, 9);
  moved.forEach((v, i) => expect(v).toBeCloseTo(2 * plain[i] + 5, 9));
});

test('gradients, orders 1 and 2', () => {
  checkSmooth([[3, 2]], ([x]) => nn.moments(x, 0));
  checkSmooth([[3, 2], [2], [2]], ([x, offset, scale]) => {
    const [mean, variance] = nn.moments(x, 0);
    return nn.batchNormalization(x, mean, variance, offset, scale, 0.1);
  });
});
