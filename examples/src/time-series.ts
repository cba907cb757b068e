import { TimeSeries } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { tInstance, type TimeSeriesEvent, type TimeSeriesOptions } from './time-series-program.js';

/** Steps of an instance. */
export const nSteps = 20;
const nInputs = 1;
const nNeurons = 100;
const nOutputs = 1;

const learningRate = 0.001;
/** Instances in a training step. */
export const batchSize = 50;

/** The graph: `OutputProjectionWrapper` makes one output of the 100 neurons at each step of an instance. */
export function buildTimeSeries() {
  const X = tl.placeholder('float32', [null, nSteps, nInputs]);
  const y = tl.placeholder('float32', [null, nSteps, nOutputs]);

  const cell = new tl.rnn.OutputProjectionWrapper(
    new tl.rnn.BasicRNNCell(nNeurons, {
      activation: tl.nn.relu,
      kernelInitializer: tl.glorotUniformInitializer({ seed: 88 }),
    }),
    nOutputs,
    { kernelInitializer: tl.glorotUniformInitializer({ seed: 109 }) },
  );
  const [outputs] = tl.rnn.dynamicRnn(cell, X, { dtype: 'float32' });

  const loss = tl.reduceMean(tl.square(outputs.sub(y)));
  const optimizer = new tl.train.AdamOptimizer({ learningRate });
  const trainingOp = optimizer.minimize(loss);

  const init = tl.globalVariablesInitializer();
  return { X, y, outputs, loss, trainingOp, init };
}

/** Predicts a time series one step ahead. */
export async function* run(options: TimeSeriesOptions = {}): AsyncGenerator<TimeSeriesEvent, void> {
  const { iterations: nIterations = 1500, session, signal } = options;
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);
  const { X, y, outputs, loss, trainingOp, init } = buildTimeSeries();

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
