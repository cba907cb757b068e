import * as tl from 'tensorloom';
import { MersenneTwister } from '@tensorloom/datasets';
import { expect, onTestFinished, test } from 'vitest';

const [batch, steps, inputs, neurons, classes] = [20, 7, 5, 16, 4];

/** A classifier of sequences with dropout around the cell and after it, trained by Adam with a decaying rate. */
function build(seed: number | undefined) {
  if (seed !== undefined) tl.setRandomSeed(seed);
  const X = tl.placeholder('float32', [null, steps, inputs]);
  const y = tl.placeholder('int32', [null]);
  const cell = new tl.rnn.DropoutWrapper(new tl.rnn.BasicRNNCell(neurons), {
    inputKeepProb: 0.8,
    outputKeepProb: 0.9,
    stateKeepProb: 0.9,
  });
  const [, state] = tl.rnn.dynamicRnn(cell, X, { dtype: 'float32' });
  const logits = tl.layers.dense(tl.nn.dropout(state, { keepProb: 0.7 }), classes);
  const loss = tl.reduceMean(tl.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: y, logits }));
  const globalStep = tl.train.createGlobalStep();
  const learningRate = tl.train.exponentialDecay(0.01, globalStep, 3, 0.5, { staircase: true });
  const train = new tl.train.AdamOptimizer({ learningRate }).minimize(loss, { globalStep });
  return {
    X,
    y,
    loss,
    train,
    init: tl.globalVariablesInitializer(),
    variables: tl.globalVariables(),
    saver: new tl.train.Saver(),
  };
}

/** A session on a graph of its own, as a program that is started anew has. */
function start(seed: number | undefined, options: tl.SessionOptions = {}) {
  const graph = new tl.Graph();
  const model = tl.withGraph(graph, () => build(seed));
  const session = new tl.Session({ graph, ...options });
  onTestFinished(() => session.close());
  return { ...model, session };
}

/** Trains from step `from` up to `to` on batches that follow from the step, and gives the losses. */
async function train(
  { session, X, y, ...model }: ReturnType<typeof start>,
  from: number,
  to: number,
): Promise<number[]> {
  const losses: number[] = [];
  for (let step = from; step < to; step++) {
    const random = new MersenneTwister(step);
    const images = Float32Array.from({ length: batch * steps * inputs }, () => 2 * random.uniform() - 1);
    const labels = Int32Array.from({ length: batch }, () => random.upTo(classes - 1));
    const feeds: [tl.Tensor, tl.HostValue][] = [
      [X, { shape: [batch, steps, inputs], data: images }],
      [y, labels],
    ];
    const { loss } = await session.run({ loss: model.loss, train: model.train }, feeds);
    losses.push(loss.item());
  }
  return losses;
}

const bits = async ({ session, variables }: ReturnType<typeof start>) =>
  (await session.run([...variables])).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
  );

test.each([
  ['seeds', 42],
  ['no seeds', undefined],
])('with %s, training that goes on from a checkpoint is unbroken training, bit for bit', async (_, seed) => {
  const unbroken = start(seed);
  await unbroken.session.run(unbroken.init);
  const before = await train(unbroken, 0, 6);
  const checkpoint = await unbroken.saver.toBytes(unbroken.session);
  const after = await train(unbroken, 6, 12);

  const resumed = start(seed);
  await resumed.saver.fromBytes(resumed.session, checkpoint);
  expect(await train(resumed, 6, 12)).toEqual(after);
  expect(await bits(resumed)).toEqual(await bits(unbroken));

  // Dropout makes the losses of equal steps differ where the random numbers do: the test would notice.
  const otherwise = start(seed);
  await otherwise.saver.fromBytes(otherwise.session, checkpoint);
  await otherwise.session.setRandomStreams(new Map());
  expect(await train(otherwise, 6, 12)).not.toEqual(after);
  expect(new Set([...before, ...after]).size).toBe(12);
});
