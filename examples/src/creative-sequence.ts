import { TimeSeries } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { plotPanels } from './plot-panels.js';
import type { ProgramEvent, TrainingProgramOptions } from './training-program.js';

const nSteps = 20;
const nInputs = 1;
const nNeurons = 100;
const nOutputs = 1;
const nCreated = 300;

const learningRate = 0.001;
const batchSize = 50;

/** Learns to predict a time series, then goes on from its own predictions: from silence, and from a piece of the series. */
export async function* run(options: TrainingProgramOptions = {}): AsyncGenerator<ProgramEvent, void> {
  const { iterations: nIterations = 2000, session, signal } = options;
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X = tl.placeholder('float32', [null, nSteps, nInputs]);
  const y = tl.placeholder('float32', [null, nSteps, nOutputs]);

  const cell = new tl.rnn.BasicRNNCell(nNeurons, { activation: tl.nn.relu });
  const [rnnOutputs] = tl.rnn.dynamicRnn(cell, X, { dtype: 'float32' });

  const stackedRnnOutputs = tl.reshape(rnnOutputs, [-1, nNeurons]);
  const stackedOutputs = tl.layers.dense(stackedRnnOutputs, nOutputs);
  const outputs = tl.reshape(stackedOutputs, [-1, nSteps, nOutputs]);

  const loss = tl.reduceMean(tl.square(outputs.sub(y)));
  const optimizer = new tl.train.AdamOptimizer({ learningRate });
  const trainingOp = optimizer.minimize(loss);

  const init = tl.globalVariablesInitializer();

  const series = new TimeSeries({ seed: 42 });

  await using sess = new tl.Session(session);
  await sess.run(init);
  yield { kind: 'training', title: 'a time series', steps: nIterations };
  for (let iteration = 0; iteration < nIterations && signal?.aborted !== true; iteration++) {
    const [XBatch, yBatch] = series.nextBatch(batchSize, nSteps);
    const results = await sess.run({ trainingOp, loss }, [
      [X, XBatch],
      [y, yBatch],
    ]);
    const mse = results.loss.item();
    if (iteration % 100 === 0) yield { kind: 'line', text: `${iteration}\tMSE: ${mse}` };
    yield { kind: 'step', loss: mse };
  }

  const goOn = async (start: readonly number[]): Promise<number[]> => {
    const sequence = [...start];
    for (let created = 0; created < nCreated; created++) {
      const XBatch = [sequence.slice(-nSteps).map((value) => [value])];
      const yPred = await sess.run(outputs, [[X, XBatch]]);
      sequence.push(yPred.get(0, nSteps - 1, 0));
    }
    return sequence;
  };

  const fromZeros = await goOn(Array.from({ length: nSteps }, () => 0));
  const slice = Array.from({ length: nSteps }, (_, i) =>
    series.at(i * series.resolution + series.tMin + (series.tMax - series.tMin) / 3),
  );
  const fromSlice = await goOn(slice);

  const range = (sequence: readonly number[]): string =>
    `from ${Math.min(...sequence).toFixed(1)} to ${Math.max(...sequence).toFixed(1)}`;
  yield { kind: 'line', text: `${nCreated} steps from zeros: ${range(fromZeros)}` };
  yield { kind: 'line', text: `${nCreated} steps from the series: ${range(fromSlice)}` };
  const panel = (title: string, sequence: readonly number[]) => ({
    title,
    x: 'time step',
    y: 'value',
    curves: [
      { name: 'created', points: sequence.map((value, step): [number, number] => [step, value]) },
      { name: 'given', points: sequence.slice(0, nSteps).map((value, step): [number, number] => [step, value]) },
    ],
  });
  yield {
    kind: 'file',
    name: 'creative-sequence.svg',
    about: 'Two sequences',
    contents: plotPanels(`${nCreated} steps made by a recurrent network`, [
      panel('from zeros', fromZeros),
      panel('from a piece of the series', fromSlice),
    ]),
  };
}
