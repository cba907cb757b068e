import { reference } from '@tensorloom/backend-reference';
import {
  constant,
  globalVariablesInitializer,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  variable,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { GradientDescentOptimizer } from '@tensorloom/train';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };
import { expectSteps } from './support.js';

beforeEach(() => resetDefaultGraph());

test("TensorFlow's steps and names", () => {
  const { gradientDescent } = golden.cases;
  expectSteps(gradientDescent, () => new GradientDescentOptimizer(gradientDescent.float32.options));
});

test('v <- v - learningRate * gradient, the rate fed if it is a placeholder', () => {
  const v = variable([1, -2], { name: 'v' });
  const learningRate = placeholder('float32', []);
  const trainingOp = new GradientDescentOptimizer({ learningRate }).minimize(reduceSum(v.mul(v)));
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  session.runSync(trainingOp, [[learningRate, 0.25]]);
  expect(session.runSync(v).toArray()).toEqual([0.5, -1]);
  session.close();
});

test('the global step counts', () => {
  const v = variable(1);
  const globalStep = variable(constant(0, { dtype: 'int32' }), { name: 'global_step', trainable: false });
  const trainingOp = new GradientDescentOptimizer({ learningRate: 0.1 }).minimize(v.mul(v), { globalStep });
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  session.runSync(trainingOp);
  session.runSync(trainingOp);
  expect(session.runSync(globalStep).item()).toBe(2);
  session.close();
});
