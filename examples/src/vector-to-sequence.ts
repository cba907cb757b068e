import { type Batch, loadMnist, type Mnist } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { plotPanels } from './plot-panels.js';
import type { ProgramEvent, TrainingProgramOptions } from './training-program.js';

const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const blank = ' ';
const letters = [blank, ...new Set(digits.join(''))].join('');
const nSteps = Math.max(...digits.map(({ length }) => length));
const spellings = digits.map((digit) => Array.from({ length: nSteps }, (_, i) => letters.indexOf(digit[i] ?? blank)));

const nPixels = 784;
const nFeatures = 100;
const nNeurons = 100;

const learningRate = 0.001;
const batchSize = 150;
const testBatchSize = 1000;
const nShown = 5;

/** The word of a row of letters' numbers. */
const word = (ids: readonly number[]): string =>
  ids
    .map((id) => letters[id])
    .join('')
    .trimEnd();

/** A vector to a sequence: sees a handwritten digit once, before the first letter, and spells its name. */
export async function* run(
  options: TrainingProgramOptions = {},
  load: () => Promise<Mnist> = () => loadMnist({ seed: 42 }),
): AsyncGenerator<ProgramEvent, void> {
  const { epochs: nEpochs = 3, session, signal } = options;
  const stopped = (): boolean => signal?.aborted === true;
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X = tl.placeholder('float32', [null, nPixels], { name: 'X' });
  const y = tl.placeholder('int32', [null, nSteps], { name: 'y' });

  // The image is the input of the first step; those of the others are zeros.
  const features = tl.layers.dense(X, nFeatures, { activation: tl.nn.relu });
  // prettier-ignore
  const inputs = tl.pad(tl.expandDims(features, 1), [[0, 0], [0, nSteps - 1], [0, 0]]);
  const cell = new tl.rnn.GRUCell(nNeurons);
  const [outputs] = tl.rnn.dynamicRnn(cell, inputs, { dtype: 'float32' });

  const stackedOutputs = tl.reshape(outputs, [-1, nNeurons]);
  const logits = tl.reshape(tl.layers.dense(stackedOutputs, letters.length), [-1, nSteps, letters.length]);
  const loss = tl.reduceMean(tl.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: y, logits }));
  const trainingOp = new tl.train.AdamOptimizer({ learningRate }).minimize(loss);
  const spelled = tl.argMax(logits, 2);
  const correct = tl.reduceAll(tl.equal(spelled, y), 1);
  const accuracy = tl.reduceMean(tl.cast(correct, 'float32'));

  const init = tl.globalVariablesInitializer();

  const { train, test } = await load();
  const nBatches = Math.max(1, Math.floor(train.numExamples / batchSize));
  const feeds = ([images, labels]: Batch) =>
    [
      [X, images],
      [y, Array.from(labels.data, (label) => spellings[label])],
    ] as const;

  await using sess = new tl.Session(session);
  await sess.run(init);
  const losses: number[] = [];
  yield { kind: 'training', title: 'spelling digits', steps: nEpochs * nBatches };
  for (let epoch = 0; epoch < nEpochs && !stopped(); epoch++) {
    for (let batch = 0; batch < nBatches && !stopped(); batch++) {
      const images = train.nextBatch(Math.min(batchSize, train.numExamples));
      const results = await sess.run({ trainingOp, loss }, feeds(images));
      losses.push(results.loss.item());
      yield { kind: 'step', loss: results.loss.item() };
    }
    let right = 0;
    for (const batch of test.batches(testBatchSize)) {
      right += (await sess.run(accuracy, feeds(batch))).item() * batch[1].size;
    }
    const percent = ((100 * right) / test.numExamples).toFixed(2);
    yield { kind: 'line', text: `${epoch}\tTest images spelled without a mistake: ${percent}%` };
  }

  const [[images, labels]] = test.batches(nShown);
  const words = await sess.run(spelled, [[X, images]]);
  for (let image = 0; image < labels.size; image++) {
    yield { kind: 'line', text: picture(images.data.subarray(image * nPixels, (image + 1) * nPixels)) };
    const ids = Array.from({ length: nSteps }, (_, step) => words.get(image, step));
    yield { kind: 'line', text: `a ${labels.get(image)}, spelled "${word(ids)}"` };
  }

  const points = losses.map((value, step): [number, number] => [step, value]);
  const curves = [{ name: 'loss of a letter', points }];
  yield {
    kind: 'file',
    name: 'vector-to-sequence.svg',
    about: 'Loss',
    contents: plotPanels('Spelling handwritten digits', [{ x: 'step', y: 'loss', height: 320, curves }]),
  };
}

const shades = ' .:-=+*#%@';

/** An image in letters, two rows in one, as letters are twice as high as they are wide. */
function picture(pixels: ArrayLike<number>): string {
  const side = Math.sqrt(pixels.length);
  const rows = Array.from({ length: side / 2 }, (_, row) =>
    Array.from({ length: side }, (_, column) => {
      const ink = (pixels[2 * row * side + column] + pixels[(2 * row + 1) * side + column]) / 2;
      return shades[Math.round(ink * (shades.length - 1))];
    })
      .join('')
      .trimEnd(),
  );
  return rows.filter((row) => row !== '').join('\n');
}
