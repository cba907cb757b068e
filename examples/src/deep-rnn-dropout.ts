import { TimeSeries } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { type Curve, plotPanels } from './plot-panels.js';
import { tInstance } from './time-series-program.js';
import type { ProgramEvent, TrainingProgramOptions } from './training-program.js';

const nSteps = 20;
const nInputs = 1;
const nNeurons = 100;
const nLayers = 3;
const nOutputs = 1;

const learningRate = 0.01;
const batchSize = 50;

/** Three layers, with dropout on their inputs while they train: the keep probability is fed, and 1 unless it is. */
export async function* run(options: TrainingProgramOptions = {}): AsyncGenerator<ProgramEvent, void> {
  const { iterations: nIterations = 1500, session, signal } = options;
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X = tl.placeholder('float32', [null, nSteps, nInputs]);
  const y = tl.placeholder('float32', [null, nSteps, nOutputs]);
  const keepProb = tl.placeholderWithDefault(1, []);

  const cells = Array.from({ length: nLayers }, () => new tl.rnn.BasicRNNCell(nNeurons));
  const cellsDrop = cells.map((cell) => new tl.rnn.DropoutWrapper(cell, { inputKeepProb: keepProb }));
  const multiLayerCell = new tl.rnn.MultiRNNCell(cellsDrop);
  const [rnnOutputs] = tl.rnn.dynamicRnn(multiLayerCell, X, { dtype: 'float32' });

  const stackedRnnOutputs = tl.reshape(rnnOutputs, [-1, nNeurons]);
  const stackedOutputs = tl.layers.dense(stackedRnnOutputs, nOutputs);
  const outputs = tl.reshape(stackedOutputs, [-1, nSteps, nOutputs]);

  const loss = tl.reduceMean(tl.square(outputs.sub(y)));
  const optimizer = new tl.train.AdamOptimizer({ learningRate });
  const trainingOp = optimizer.minimize(loss);

  const init = tl.globalVariablesInitializer();

  const curves: Curve[] = [];
  for (const trainKeepProb of [0.5, 1]) {
    const series = new TimeSeries({ seed: 42 });

    await using sess = new tl.Session(session);
    await sess.run(init);
    yield { kind: 'training', title: `keep probability ${trainKeepProb}`, steps: nIterations };
    for (let iteration = 0; iteration < nIterations && signal?.aborted !== true; iteration++) {
      const [XBatch, yBatch] = series.nextBatch(batchSize, nSteps);
      const results = await sess.run({ trainingOp, loss }, [
        [X, XBatch],
        [y, yBatch],
        [keepProb, trainKeepProb],
      ]);
      const mse = results.loss.item();
      if (iteration % 100 === 0) yield { kind: 'line', text: `${iteration}\tTraining MSE: ${mse}` };
      yield { kind: 'step', loss: mse };
    }

    // Testing, nothing is dropped.
    const [XTest, yTest] = new TimeSeries({ seed: 7 }).nextBatch(1000, nSteps);
    const mse = await sess.run(loss, [
      [X, XTest],
      [y, yTest],
    ]);
    yield { kind: 'line', text: `Test MSE, trained with keep probability ${trainKeepProb}: ${mse.item()}` };
    const XNew = [tInstance.slice(0, nSteps).map((t) => [series.at(t)])];
    const yPred = await sess.run(outputs, [[X, XNew]]);
    curves.push({
      name: `trained with keep probability ${trainKeepProb}`,
      points: tInstance.slice(1).map((t, i) => [t, yPred.get(0, i, 0)]),
    });
  }

  const series = new TimeSeries();
  const targets: Curve = { name: 'target', marks: true, points: tInstance.slice(1).map((t) => [t, series.at(t)]) };
  yield {
    kind: 'file',
    name: 'deep-rnn-dropout.svg',
    about: 'Targets and predictions',
    contents: plotPanels('Three layers, with and without dropout', [
      { x: 't', y: 'value', height: 320, curves: [targets, ...curves] },
    ]),
  };
}
