import { EmbeddedReberGrammar, encodeReberStrings, type ReberExample, reberSymbols } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { plotPanels } from './plot-panels.js';
import type { ProgramEvent, TrainingProgramOptions } from './training-program.js';

const nInputs = reberSymbols.length;
const nNeurons = 30;
const nOutputs = 1;

const learningRate = 0.02;
const momentum = 0.95;
const nTrain = 10_000;
const nValidation = 5_000;
const batchSize = 50;

/** What tells these two apart, one letter from the end, happened 31 letters before. */
export const trickyStrings = {
  bad: 'BPBTSSSSSSSXXTTTTTVPXVPXTTTTTVVETE',
  good: 'BPBTSSSSSSSXXTTTTTVPXVPXTTTTTVVEPE',
} as const;

/** Learns to tell strings of the embedded Reber grammar from strings with one wrong letter. */
export async function* run(options: TrainingProgramOptions = {}): AsyncGenerator<ProgramEvent, void> {
  const { epochs: nEpochs = 50, session, signal } = options;
  const stopped = (): boolean => signal?.aborted === true;
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X = tl.placeholder('float32', [null, null, nInputs], { name: 'X' });
  const seqLength = tl.placeholder('int32', [null], { name: 'seq_length' });
  const y = tl.placeholder('float32', [null, 1], { name: 'y' });

  const gruCell = new tl.rnn.GRUCell(nNeurons);
  const [, states] = tl.rnn.dynamicRnn(gruCell, X, { dtype: 'float32', sequenceLength: seqLength });

  const logits = tl.layers.dense(states, nOutputs, { name: 'logits' });
  const yPred = tl.cast(tl.greater(logits, 0), 'float32');
  const yProba = tl.sigmoid(logits);

  const xentropy = tl.nn.sigmoidCrossEntropyWithLogits({ labels: y, logits });
  const loss = tl.reduceMean(xentropy);
  const optimizer = new tl.train.MomentumOptimizer({ learningRate, momentum, useNesterov: true });
  const trainingOp = optimizer.minimize(loss);

  const correct = tl.equal(yPred, y);
  const accuracy = tl.reduceMean(tl.cast(correct, 'float32'));

  const init = tl.globalVariablesInitializer();

  const grammar = new EmbeddedReberGrammar({ seed: 42 });
  const train = grammar.examples(nTrain);
  const validation = grammar.examples(nValidation);
  const feeds = (examples: readonly ReberExample[]) => {
    const [inputs, lengths] = encodeReberStrings(examples.map(({ string }) => string));
    return [
      [X, inputs],
      [seqLength, lengths],
      [y, examples.map(({ good }) => [good ? 1 : 0])],
    ] as const;
  };

  await using sess = new tl.Session(session);
  await sess.run(init);
  const accuracies: { train: number; validation: number }[] = [];
  yield { kind: 'training', title: 'embedded Reber grammar', steps: (nEpochs * nTrain) / batchSize };
  for (let epoch = 0; epoch < nEpochs && !stopped(); epoch++) {
    let batch = feeds(train.slice(0, batchSize));
    let trainLoss = Number.NaN;
    for (let start = 0; start < nTrain && !stopped(); start += batchSize) {
      batch = feeds(train.slice(start, start + batchSize));
      const results = await sess.run({ trainingOp, loss }, batch);
      trainLoss = results.loss.item();
      yield { kind: 'step', loss: trainLoss };
    }
    const accTrain = (await sess.run(accuracy, batch)).item();
    const accVal = (await sess.run(accuracy, feeds(validation))).item();
    accuracies.push({ train: accTrain, validation: accVal });
    yield {
      kind: 'line',
      text:
        `${epoch}\tTrain loss: ${trainLoss.toFixed(4)}, accuracy: ${percent(accTrain)}` +
        `  Validation accuracy: ${percent(accVal)}`,
    };
  }

  const [inputs, lengths] = encodeReberStrings(Object.values(trickyStrings));
  const proba = await sess.run(yProba, [
    [X, inputs],
    [seqLength, lengths],
  ]);
  yield { kind: 'line', text: 'Estimated probability that these are Reber strings:' };
  for (const [i, string] of Object.values(trickyStrings).entries()) {
    yield { kind: 'line', text: `${string}: ${percent(proba.get(i, 0))}` };
  }

  const byEpoch = (values: readonly number[]) => values.map((value, i): [number, number] => [i, value]);
  yield {
    kind: 'file',
    name: 'embedded-reber.svg',
    about: 'Accuracy',
    contents: plotPanels('Embedded Reber grammar, 30 GRU cells', [
      {
        x: 'epoch',
        y: 'accuracy',
        height: 320,
        curves: [
          { name: 'last training batch', points: byEpoch(accuracies.map((accuracy) => accuracy.train)) },
          { name: 'validation', points: byEpoch(accuracies.map((accuracy) => accuracy.validation)) },
        ],
      },
    ]),
  };
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)}%`;
