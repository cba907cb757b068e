import { TimeSeries } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { tInstance, type TimeSeriesEvent, type TimeSeriesOptions } from './time-series-program.js';

const nSteps = 20;
const nInputs = 1;
const nNeurons = 100;
const nOutputs = 1;

const learningRate = 0.001;
const batchSize = 50;

/** The same with one dense layer for all steps of all instances: its inputs are stacked, and its outputs unstacked. */
export async function* run(options: TimeSeriesOptions = {}): AsyncGenerator<TimeSeriesEvent, void> {
  const { iterations: nIterations = 1500, session, signal } = options;
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X = tl.placeholder('float32', [null, nSteps, nInputs]);
  const y = tl.placeholder('float32', [null, nSteps, nOutputs]);

  const cell = new tl.rnn.BasicRNNCell(nNeurons, {
    activation: tl.nn.relu,
    kernelInitializer: tl.glorotUniformInitializer({ seed: 88 }),
  });
  const [rnnOutputs] = tl.rnn.dynamicRnn(cell, X, { dtype: 'float32' });

  const stackedRnnOutputs = tl.reshape(rnnOutputs, [-1, nNeurons]);
  const stackedOutputs = tl.layers.dense(stackedRnnOutputs, nOutputs, {
    kernelInitializer: tl.glorotUniformInitializer({ seed: 137 }),
  });
  const outputs = tl.reshape(stackedOutputs, [-1, nSteps, nOutputs]);

  const loss = tl.reduceMean(tl.square(outputs.sub(y)));
  const optimizer = new tl.train.AdamOptimizer({ learningRate });
  const trainingOp = optimizer.minimize(loss);

  const init = tl.globalVariablesInitializer();

  const series = new TimeSeries({ seed: 42 });

  await using sess = new tl.Session(session);
  await sess.run(init);
  for (let iteration = 0; iteration < nIterations && signal?.aborted !== true; iteration++) {
    const [XBatch, yBatch] = series.nextBatch(batchSize, nSteps);
    const batch = [
      [X, XBatch],
      [y, yBatch],
    ] as const;
    await sess.run(trainingOp, batch);
    const mse = iteration % 100 === 0 ? await sess.run(loss, batch) : undefined;
    yield { kind: 'iteration', iteration, mse };
  }

  const XNew = [tInstance.slice(0, nSteps).map((t) => [series.at(t)])];
  const yPred = await sess.run(outputs, [[X, XNew]]);
  yield { kind: 'prediction', yPred };
}
