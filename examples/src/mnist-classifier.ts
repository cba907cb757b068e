import type { Batch, Dataset, Mnist } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { mnistCells, type RowReader } from './mnist-cells.js';
import { mnistSummaries } from './mnist-summaries.js';

const nSteps = 28;
const nInputs = 28;
const nOutputs = 10;
const learningRate = 0.001;
/** Images in a training step. */
export const batchSize = 150;
const testBatchSize = 1000;
const stepsPerSummary = 10;
// An op seed: without it the kernel's start would depend on how many nodes the graph had before it.
const denseSeed = 104;

type Feeds = [tl.Tensor, tl.HostValue][];

/** The graph: an image is a sequence of 28 rows of 28 pixels, and what the RNN remembers of them tells which digit it shows. */
export function buildMnistClassifier(readRows: RowReader = mnistCells.basic) {
  const X = tl.placeholder('float32', [null, nSteps, nInputs], { name: 'X' });
  const y = tl.placeholder('int32', [null], { name: 'y' });

  const states = readRows(X);

  const kernelInitializer = tl.glorotUniformInitializer({ seed: denseSeed });
  const logits = tl.layers.dense(states, nOutputs, { kernelInitializer });
  const xentropy = tl.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: y, logits });
  const loss = tl.reduceMean(xentropy);
  const optimizer = new tl.train.AdamOptimizer({ learningRate });
  const globalStep = tl.train.createGlobalStep();
  const trainingOp = optimizer.minimize(loss, { globalStep });
  const correct = tl.nn.inTopK(logits, y, 1);
  const accuracy = tl.reduceMean(tl.cast(correct, 'float32'));

  const probabilities = tl.nn.softmax(logits);

  const init = tl.globalVariablesInitializer();
  return { X, y, logits, probabilities, loss, globalStep, trainingOp, accuracy, init };
}

/** What the classifier is fed: images [batch, 784] as rows, and their labels [batch]. */
export const mnistFeeds = (
  { X, y }: Pick<ReturnType<typeof buildMnistClassifier>, 'X' | 'y'>,
  [images, labels]: Batch,
): Feeds => [
  [X, { shape: [labels.size, nSteps, nInputs], data: images.data }],
  [y, labels],
];

/** How to train; `seed` is the graph's, the data has its own. */
export interface TrainingOptions {
  /** Default: a layer of basic cells. */
  readonly readRows?: RowReader;
  readonly epochs: number;
  readonly seed: number;
  readonly session?: tl.SessionOptions;
  /** The path of checkpoints, one after each epoch and one where training is interrupted; default: none are saved. */
  readonly checkpoints?: string;
  /** The checkpoint to go on from, of training with the same options; default: from the start. */
  readonly resumeFrom?: string | undefined;
  /** Where the graph goes, and how training goes, for TensorBoard; default: nowhere. */
  readonly log?: tl.summary.EventWriter | undefined;
  /** Ends training after the step at hand. */
  readonly signal?: AbortSignal;
}

/**
 * What training tells as it goes: the loss of each step, after each epoch how many images are told right, and that a checkpoint is about to be
 * saved.
 */
export type TrainingEvent =
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'step'; readonly epoch: number; readonly step: number; readonly loss: number }
  | { readonly kind: 'epoch'; readonly epoch: number; readonly trainAccuracy: number; readonly testAccuracy: number };

/** Training steps in an epoch: whole batches, at least one. */
export const stepsPerEpoch = (train: Dataset): number => Math.max(1, Math.floor(train.numExamples / batchSize));

/**
 * Trains the classifier, an event at a time: leave the loop over them, or give a signal, to stop early. Training accuracy is the last
 * batch's. `mnist` is as it was loaded: training that goes on draws the batches of the steps that are done, and drops them.
 */
export async function* trainMnistClassifier(
  { train, test }: Mnist,
  { readRows, epochs, seed, session, checkpoints, resumeFrom, log, signal }: TrainingOptions,
): AsyncGenerator<TrainingEvent, void> {
  tl.resetDefaultGraph();
  tl.setRandomSeed(seed);
  const { X, y, loss, globalStep, trainingOp, accuracy, init } = buildMnistClassifier(readRows);
  const saver = new tl.train.Saver();
  const feeds = (batch: Batch): Feeds => mnistFeeds({ X, y }, batch);
  const steps = stepsPerEpoch(train);
  const summaries = log && mnistSummaries({ X, loss });
  log?.addGraph(tl.defaultGraph());

  await using sess = new tl.Session(session);
  async function* save(): AsyncGenerator<TrainingEvent, void> {
    if (checkpoints === undefined) return;
    yield { kind: 'checkpoint' };
    await saver.save(sess, checkpoints, { globalStep });
  }
  if (resumeFrom === undefined) await sess.run(init);
  else await saver.restore(sess, resumeFrom);
  const done = (await sess.run(globalStep)).item();
  log?.addSessionLog({ status: 'start' }, done);

  for (let epoch = 0; epoch < epochs; epoch++) {
    let batch: Feeds = [];
    for (let step = 0; step < steps; step++) {
      batch = feeds(train.nextBatch(Math.min(batchSize, train.numExamples)));
      if (epoch * steps + step < done) continue;
      const results = await sess.run({ trainingOp, loss }, batch);
      if (summaries && step % stepsPerSummary === 0)
        log.addSummary(await sess.run(summaries.ofStep, batch), epoch * steps + step);
      yield { kind: 'step', epoch, step, loss: results.loss.item() };
      if (signal?.aborted === true) return yield* save();
    }
    if ((epoch + 1) * steps < done) continue;
    const trainAccuracy = (await sess.run(accuracy, batch)).item();
    let correct = 0;
    for (const [images, labels] of test.batches(testBatchSize)) {
      correct += (await sess.run(accuracy, feeds([images, labels]))).item() * labels.size;
    }
    const testAccuracy = correct / test.numExamples;
    if (summaries) {
      const accuracies = [[summaries.train, trainAccuracy] as const, [summaries.test, testAccuracy] as const];
      log.addSummary(await sess.run(summaries.ofEpoch, [...batch, ...accuracies]), (epoch + 1) * steps);
    }
    yield { kind: 'epoch', epoch, trainAccuracy, testAccuracy };
    yield* save();
    if (signal?.aborted === true) return;
  }
}
