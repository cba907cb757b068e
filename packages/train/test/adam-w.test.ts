import { AdamWOptimizer } from '@tensorloom/train';
import { test } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };
import { expectSteps } from './support.js';

const { adamW, adamWOfKernel } = golden.cases;
const { learningRate } = adamW.float32.options;
const { weightDecay } = adamW.float32;

test("the decay, then Adam: TensorFlow's steps, slots and names", () => {
  expectSteps(adamW, () => new AdamWOptimizer({ weightDecay, learningRate }));
});

test('decayVarList says which variables decay', () => {
  expectSteps(adamWOfKernel, () => new AdamWOptimizer({ weightDecay, learningRate }), {
    minimize: (optimizer, { loss, W }) => optimizer.minimize(loss, { decayVarList: [W] }),
  });
});

test('an empty decayVarList is none: all decay', () => {
  expectSteps(adamW, () => new AdamWOptimizer({ weightDecay, learningRate }), {
    minimize: (optimizer, { loss }) => optimizer.applyGradients(optimizer.computeGradients(loss), { decayVarList: [] }),
  });
});
