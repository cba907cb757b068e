import { gradients } from '@tensorloom/autodiff';
import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import { type Tensor, constant, resetDefaultGraph, setRandomSeed } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/sampled-losses.json' with { type: 'json' };

beforeEach(() => resetDefaultGraph());

type Case = (typeof golden.nceLoss)[number];
const losses = { nceLoss: nn.nceLoss, sampledSoftmaxLoss: nn.sampledSoftmaxLoss };

/** The candidates of a case: given, or drawn with its seed. */
function sampledValues({ sampledValues: given, labels, seed }: Case): nn.SampledValues {
  if (given === null) {
    const options = seed === null ? {} : { seed };
    return nn.logUniformCandidateSampler(labels, labels[0].length, 4, true, golden.biases.length, options);
  }
  const [classes, ...expected] = given;
  const [trueExpected, sampledExpected] = expected.map((x) => constant(x as number[]));
  return [constant(classes, { dtype: 'int32' }), trueExpected, sampledExpected];
}

describe.each(Object.keys(losses) as (keyof typeof losses)[])('%s', (name) => {
  test.each(golden[name].flatMap((c) => [reference, createCpu].map((make) => [c, make] as const)))(
    "TensorFlow's losses and gradients (%#)",
    (c, make) => {
      setRandomSeed(42);
      const [weights, biases, inputs] = [golden.weights, golden.biases, golden.inputs].map((x) => constant(x));
      const y = losses[name]({
        weights,
        biases,
        labels: c.labels,
        inputs,
        numSampled: 4,
        numClasses: golden.biases.length,
        numTrue: c.labels[0].length,
        sampledValues: sampledValues(c),
        ...(c.removeAccidentalHits !== null && { removeAccidentalHits: c.removeAccidentalHits }),
      });
      const found = gradients(y, [weights, biases, inputs]).map((g) => g ?? expect.fail('a gradient is missing'));
      const session = new Session({ backend: make() });
      const [value, ...ds] = session.runSync([y, ...found]).map((v) => v.toArray());
      session.close();
      const close = (got: unknown, want: unknown): void =>
        [want].flat(3).forEach((v, i) => expect([got].flat(3)[i]).toBeCloseTo(Number(v), 5));
      close(value, c.losses);
      ds.forEach((d, i) => close(d, c.gradients[i]));
    },
  );

  test('has the gradients of differences', () => {
    checkGradients({
      inputs: [golden.weights, golden.biases, golden.inputs],
      order: 2,
      build: ([weights, biases, inputs]): Tensor => {
        const double = (x: number[] | number[][]): Tensor => constant(x, { dtype: 'float64' });
        const values = [
          constant([5, 2, 7], { dtype: 'int32' }),
          double([[0.3], [0.5]]),
          double([0.2, 0.4, 0.6]),
        ] as const;
        const classes = { labels: [[2], [8]], numSampled: 3, numClasses: 9, sampledValues: values };
        return losses[name]({ weights, biases, inputs, ...classes });
      },
    });
  });

  test('draws candidates of its own when none are given', () => {
    const y = losses[name]({
      weights: golden.weights,
      biases: golden.biases,
      inputs: golden.inputs,
      labels: [[1], [2]],
      numSampled: 3,
      numClasses: 9,
      seed: 4,
    });
    const session = new Session({ backend: reference() });
    const [a, b] = [session.runSync(y), session.runSync(y)];
    session.close();
    expect(a.shape).toEqual([2]);
    expect(b.toArray()).not.toEqual(a.toArray());
  });

  test('errors', () => {
    const rest = { weights: golden.weights, biases: golden.biases, numSampled: 3, numClasses: 9 };
    expect(() => losses[name]({ ...rest, inputs: golden.inputs, labels: [1, 2] })).toThrow(
      new RegExp(`^${name}: expected labels int32 \\[batch, 1\\], got int32\\[2\\]`),
    );
    expect(() => losses[name]({ ...rest, inputs: [1, 2, 3], labels: [[1], [2]] })).toThrow(
      /expected inputs \[batch, dim\]/,
    );
  });

  test('refuses sampledValues that are none', () => {
    const [classes, often] = [constant([5, 2, 7], { dtype: 'int32' }), constant([0.2, 0.4, 0.6])];
    const trueOften = constant([[0.3], [0.5]]);
    const build = (...sampledValues: nn.SampledValues) =>
      losses[name]({
        ...{ weights: golden.weights, biases: golden.biases, inputs: golden.inputs, labels: [[2], [8]] },
        ...{ numSampled: 3, numClasses: 9, sampledValues },
      });
    expect(build(classes, trueOften, often).shape).toEqual([2]);
    const wrong = new RegExp(`^${name}: expected sampledValues of classes int32 \\[numSampled\\]`);
    expect(() => build(often, trueOften, often)).toThrow(wrong);
    expect(() => build(classes, often, often)).toThrow(
      /expected counts of true ones \[2,1\] and of sampled ones \[numSampled\], got int32\[3\], float32\[3\], float32\[3\]/,
    );
    expect(() => build(classes, trueOften, trueOften)).toThrow(wrong);
    expect(() => build(classes, trueOften, classes)).toThrow(wrong);
    const pair: readonly Tensor[] = [classes, often];
    expect(() => build(...(pair as nn.SampledValues))).toThrow(
      new RegExp(`^${name}: expected sampledValues as three tensors`),
    );
  });

  test('takes candidates from a sampler, whatever the dtype of the inputs', () => {
    const inputs = constant(golden.inputs, { dtype: 'float64' });
    const [weights, biases] = [golden.weights, golden.biases].map((x) => constant(x, { dtype: 'float64' }));
    const loss = losses[name]({ weights, biases, inputs, labels: [[2], [8]], numSampled: 3, numClasses: 9 });
    expect([loss.dtype, loss.shape]).toEqual(['float64', [2]]);
  });
});
