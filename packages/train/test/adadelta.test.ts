import { AdadeltaOptimizer } from '@tensorloom/train';
import { test } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };
import { expectSteps } from './support.js';

const { adadelta, adadeltaOfPaper } = golden.cases;

test("TensorFlow's steps, slots and names", () => {
  expectSteps(adadelta, () => new AdadeltaOptimizer());
});

test("TensorFlow's steps with the paper's rate, and other options", () => {
  // TensorFlow's own float32 is 3e-6 away from its float64: the slots are squares of small gradients.
  expectSteps(adadeltaOfPaper, () => new AdadeltaOptimizer(adadeltaOfPaper.float32.options), { float32: 5e-6 });
});
