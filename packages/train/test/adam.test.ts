import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  Graph,
  constant,
  globalVariables,
  globalVariablesInitializer,
  placeholder,
  reduceMean,
  reduceSum,
  resetDefaultGraph,
  trainableVariables,
  variable,
  withGraph,
} from '@tensorloom/graph';
import { layers, nn } from '@tensorloom/nn';
import { BasicRNNCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { AdamOptimizer } from '@tensorloom/train';
import { beforeEach, expect, test } from 'vitest';
import optimizers from '../../testkit/golden/optimizers.json' with { type: 'json' };
import golden from '../../testkit/golden/rnn.json' with { type: 'json' };
import { afterThreeSteps, expectSteps } from './support.js';

beforeEach(() => resetDefaultGraph());

const flat = (x: unknown): number[] => (Array.isArray(x) ? x.flatMap(flat) : [Number(x)]);
const expectClose = (got: unknown, want: unknown, tolerance: number): void => {
  const [a, b] = [flat(got), flat(want)];
  expect(a).toHaveLength(b.length);
  a.forEach((v, i) => expect(Math.abs(v - b[i])).toBeLessThanOrEqual(tolerance));
};

test("TensorFlow's steps, slots and names", () => {
  const { adam, adamOptions } = optimizers.cases;
  expectSteps(adam, () => new AdamOptimizer());
  expectSteps(adamOptions, () => new AdamOptimizer(adamOptions.float32.options));
});

test('three steps on a quadratic: the published numbers', () => {
  const after = afterThreeSteps(new AdamOptimizer({ learningRate: 0.1 }));
  expectClose(after, [0.7015873, -1.7006245, 2.7003827], 1e-6);
  expectClose(after, optimizers.quadratic.adam, 1e-6);
});

test("three steps on a quadratic: TensorFlow's numbers", () => {
  const { start, coefficients, learningRate, steps } = golden.adam;
  const x = variable(constant(start), { name: 'x' });
  const loss = reduceSum(x.mul(x).mul(coefficients));
  const trainingOp = new AdamOptimizer({ learningRate }).minimize(loss);
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  for (const want of steps) {
    session.runSync(trainingOp);
    expectClose(session.runSync(x).toArray(), want, 1e-5);
  }
  session.close();
});

test("slots and counters have TensorFlow's names", () => {
  const x = variable([1, 2], { name: 'x' });
  new AdamOptimizer().minimize(reduceSum(x.mul(x)));
  expect(
    globalVariables()
      .map((v) => v.name)
      .sort(),
  ).toEqual(['beta1_power:0', 'beta2_power:0', 'x/Adam:0', 'x/Adam_1:0', 'x:0']);
  expect(trainableVariables().map((v) => v.name)).toEqual(['x:0']);
});

test("a classifier on a dynamic RNN: TensorFlow's loss, gradients and variables over three steps", () => {
  const c = golden.classifier;
  const X = placeholder('float32', [null, 3, 2], { name: 'X' });
  const y = placeholder('int32', [null], { name: 'y' });
  const [, state] = dynamicRnn(new BasicRNNCell(5), X, { dtype: 'float32' });
  const logits = layers.dense(state, 3);
  const loss = reduceMean(nn.sparseSoftmaxCrossEntropyWithLogits({ labels: y, logits }));
  const trained = trainableVariables();
  const found = gradients(loss, trained).filter((g) => g !== null);
  const trainingOp = new AdamOptimizer({ learningRate: c.learningRate }).minimize(loss);
  const backend = reference();
  const session = new Session({ backend });
  session.runSync(globalVariablesInitializer());
  const start: Record<string, number[] | number[][]> = c.variables;
  for (const v of trained) session.runSync(v.assign(start[v.op]));
  const feeds = [
    [X, c.X],
    [y, c.labels],
  ] as const;

  const first = session.runSync({ state, logits, loss, found }, feeds);
  expectClose(first.state.toArray(), c.state, 1e-6);
  expectClose(first.logits.toArray(), c.logits, 1e-6);
  expectClose(first.loss.item(), c.loss, 1e-6);
  const want: Record<string, unknown> = c.gradients;
  trained.forEach((v, i) => expectClose(first.found[i].toArray(), want[v.op], 1e-6));
  for (const step of c.steps) {
    session.runSync(trainingOp, feeds);
    const now = session.runSync({ loss, trained }, feeds);
    expectClose(now.loss.item(), step.loss, 1e-6);
    const variables: Record<string, unknown> = step.variables;
    trained.forEach((v, i) => expectClose(now.trained[i].toArray(), variables[v.op], 1e-6));
  }
  session.close();
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
});

test('an optimizer in two graphs has counters in each', () => {
  const optimizer = new AdamOptimizer();
  const names = [new Graph(), new Graph()].map((graph) =>
    withGraph(graph, () => {
      const x = variable(1, { name: 'x' });
      optimizer.minimize(x.mul(x));
      return globalVariables().map((v) => v.op);
    }),
  );
  expect(names[0]).toEqual(['x', 'beta1_power', 'beta2_power', 'x/Adam', 'x/Adam_1']);
  expect(names[1]).toEqual(names[0]);
});

test('betas and epsilon may be tensors', () => {
  const { adamOptions } = optimizers.cases;
  const { learningRate, beta1, beta2, epsilon } = adamOptions.float32.options;
  expectSteps(
    adamOptions,
    () =>
      new AdamOptimizer({
        learningRate: constant(learningRate),
        beta1: constant(beta1),
        beta2: constant(beta2),
        epsilon: constant(epsilon),
      }),
    // The tensors are float32, whatever the variables are.
    { float64: 1e-6 },
  );
});
