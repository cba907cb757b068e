import { MomentumOptimizer } from '@tensorloom/train';
import { expect, test } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };
import { afterThreeSteps, expectClose, expectSteps } from './support.js';

const { momentum, nesterov } = golden.cases;

test("TensorFlow's steps, slots and names", () => {
  expectSteps(momentum, () => new MomentumOptimizer(momentum.float32.options));
});

test("TensorFlow's steps with Nesterov's momentum", () => {
  expectSteps(nesterov, () => new MomentumOptimizer(nesterov.float32.options));
});

test('three steps on a quadratic: the published numbers', () => {
  const options = { learningRate: 0.02, momentum: 0.95 };
  const plain = afterThreeSteps(new MomentumOptimizer(options));
  expectClose(plain, [0.775676, -1.1332961, 2.6577063]);
  expectClose(plain, golden.quadratic.momentum);
  const ahead = afterThreeSteps(new MomentumOptimizer({ ...options, useNesterov: true }));
  expectClose(ahead, [0.682914, -0.821496, 2.5069923]);
  expectClose(ahead, golden.quadratic.nesterov);
});

test('without momentum it is gradient descent', () => {
  const rate = 0.1;
  // x0 <- x0 (1 - 2 rate), x1 <- x1 (1 - 4 rate), x2 <- x2 (1 - rate)
  const want = [(1 - 2 * rate) ** 3, -2 * (1 - 4 * rate) ** 3, 3 * (1 - rate) ** 3];
  expectClose(afterThreeSteps(new MomentumOptimizer({ learningRate: rate, momentum: 0 })), want);
  expect(new MomentumOptimizer({ learningRate: rate, momentum: 0 }).name).toBe('Momentum');
});
