import { reference } from '@tensorloom/backend-reference';
import { Graph, globalVariablesInitializer, variable, withGraph } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { FtrlOptimizer } from '@tensorloom/train';
import { expect, test } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };
import { expectSteps } from './support.js';

const { ftrl, ftrlRegularized } = golden.cases;
/** The linear slot is a difference of large sums: TensorFlow's own float32 is 3e-6 away from its float64. */
const float32 = 5e-6;

test("TensorFlow's steps, slots and names", () => {
  expectSteps(ftrl, () => new FtrlOptimizer(ftrl.float32.options), { float32 });
});

test("TensorFlow's steps with another power and all regularization", () => {
  expectSteps(ftrlRegularized, () => new FtrlOptimizer(ftrlRegularized.float32.options), {
    float32,
    // TensorFlow rounds the strengths to float32, whatever the variables' dtype.
    float64: 1e-6,
  });
});

test('what stays below l1 is exactly 0, with sums of squares of 0 too', () => {
  withGraph(new Graph(), () => {
    const v = variable([0, -1, 1], { name: 'v' });
    const trainingOp = new FtrlOptimizer({
      learningRate: 0.1,
      initialAccumulatorValue: 0,
      l1RegularizationStrength: 0.5,
    }).applyGradients([[[0.4, 0, 3], v]]);
    const session = new Session({ backend: reference() });
    session.runSync(globalVariablesInitializer());
    session.runSync(trainingOp);
    const [a, b, c] = session.runSync(v).data;
    expect([a, b]).toEqual([0, 0]);
    // z = 3 - (3 - 0) / 0.1 * 1 = -27, v = (-0.5 + 27) / (3 / 0.1)
    expect(c).toBeCloseTo(26.5 / 30, 6);
    session.close();
  });
});

test('options out of their range are errors', () => {
  expect(() => new FtrlOptimizer({ learningRate: 1, learningRatePower: 0.5 })).toThrow(
    'Ftrl: learningRatePower is 0.5, expected a number up to 0.',
  );
  expect(() => new FtrlOptimizer({ learningRate: 1, l2RegularizationStrength: -1 })).toThrow(
    'Ftrl: l2RegularizationStrength is -1, expected a number from 0.',
  );
  expect(() => new FtrlOptimizer({ learningRate: 1, initialAccumulatorValue: -0.1 })).toThrow(RangeError);
});
