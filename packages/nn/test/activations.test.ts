import { gradients } from '@tensorloom/autodiff';
import { constant, reduceSum, resetDefaultGraph } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkSmooth, run } from './support.js';

beforeEach(() => resetDefaultGraph());

const activations = {
  relu6: nn.relu6,
  elu: nn.elu,
  selu: nn.selu,
  leakyRelu: nn.leakyRelu,
  softplus: nn.softplus,
  softsign: nn.softsign,
};

describe.each(Object.entries(activations))('%s', (name, f) => {
  test('gradients, orders 1 and 2', () => checkSmooth([[2, 3]], ([x]) => f(x)));

  test('far from 0 neither it nor its gradients are NaN', () => {
    const x = constant([1e4, -1e4, 3e38, -3e38]);
    const y = f(x);
    const [first] = gradients(reduceSum(y), [x]);
    const [second] = first === null ? [null] : gradients(reduceSum(first), [x]);
    const values = run([y, first, second].filter((t) => t !== null)).flat();
    expect(values.some(Number.isNaN)).toBe(false);
  });

  test('of integers is an error', () => {
    if (name === 'relu6') expect(run([f(constant([1, 9], { dtype: 'int32' }))])).toEqual([[1, 6]]);
    else expect(() => f(constant([1], { dtype: 'int32' }))).toThrow(/expected float/);
  });
});

test('selu keeps mean 0 and variance 1 of normal numbers', () => {
  const n = 4001;
  // Quantiles of the normal distribution, by inverting its cumulative function.
  const x = Array.from({ length: n }, (_, i) => quantile((i + 0.5) / n));
  const [y] = run([nn.selu(constant(x))]);
  const mean = y.reduce((a, b) => a + b) / n;
  expect(Math.abs(mean)).toBeLessThan(2e-3);
  expect(y.reduce((a, b) => a + (b - mean) ** 2, 0) / n).toBeCloseTo(1, 2);
});

function quantile(p: number): number {
  let [low, high] = [-8, 8];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (cumulative(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}

/** The normal distribution's, by Simpson's rule. */
function cumulative(x: number): number {
  const [steps, from] = [200, -9];
  const h = (x - from) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++)
    sum += Math.exp(-((from + i * h) ** 2) / 2) * (i === 0 || i === steps ? 1 : i % 2 ? 4 : 2);
  return (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}
