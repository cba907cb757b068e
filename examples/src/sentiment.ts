import { type FilmReview, filmReviews, filmReviewWords } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { type Panel, plotPanels } from './plot-panels.js';
import type { ProgramEvent, TrainingProgramOptions } from './training-program.js';

const embeddingSize = 16;
const nNeurons = 32;

const learningRate = 0.002;
const batchSize = 50;
const nTrain = 10_000;
const nTest = 2_000;

/** Reviews that differ little in their words. */
const shown = [
  'the plot was not bad',
  'although the acting was superb , the plot was dull',
  'the acting was superb although the plot was dull',
  'the film was anything but boring and the music was never stale',
];

/** A sequence to a vector: reads a film review word by word, and tells at its end whether its author liked the film. */
export async function* run(options: TrainingProgramOptions = {}): AsyncGenerator<ProgramEvent, void> {
  const { epochs: nEpochs = 3, session, signal } = options;
  const stopped = (): boolean => signal?.aborted === true;
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X = tl.placeholder('int32', [null, null], { name: 'X' });
  const seqLength = tl.placeholder('int32', [null], { name: 'seq_length' });
  const y = tl.placeholder('float32', [null], { name: 'y' });

  const embeddings = tl.getVariable('embeddings', [filmReviewWords.length, embeddingSize], {
    initializer: tl.randomUniformInitializer({ minval: -1, maxval: 1 }),
  });
  const words = tl.nn.embeddingLookup(embeddings, X);
  const cell = new tl.rnn.GRUCell(nNeurons);
  const [, state] = tl.rnn.dynamicRnn(cell, words, { dtype: 'float32', sequenceLength: seqLength });

  const logits = tl.squeeze(tl.layers.dense(state, 1, { name: 'opinion' }), 1);
  const proba = tl.sigmoid(logits);
  const loss = tl.reduceMean(tl.nn.sigmoidCrossEntropyWithLogits({ labels: y, logits }));
  const trainingOp = new tl.train.AdamOptimizer({ learningRate }).minimize(loss);
  const correct = tl.equal(tl.cast(tl.greater(logits, 0), 'float32'), y);
  const accuracy = tl.reduceMean(tl.cast(correct, 'float32'));

  const init = tl.globalVariablesInitializer();

  // All reviews are different: the network has seen none of those it is tested on.
  const reviews = filmReviews(nTrain + nTest, { seed: 42 });
  const train = reviews.slice(0, nTrain);
  const test = reviews.slice(nTrain);
  const feeds = (batch: readonly FilmReview[]) =>
    [
      [X, wordIds(batch.map((review) => review.words))],
      [seqLength, batch.map((review) => review.words.length)],
      [y, batch.map(({ positive }) => (positive ? 1 : 0))],
    ] as const;

  await using sess = new tl.Session(session);
  await sess.run(init);
  const losses: number[] = [];
  yield { kind: 'training', title: 'film reviews', steps: (nEpochs * nTrain) / batchSize };
  for (let epoch = 0; epoch < nEpochs && !stopped(); epoch++) {
    for (let start = 0; start < nTrain && !stopped(); start += batchSize) {
      const results = await sess.run({ trainingOp, loss }, feeds(train.slice(start, start + batchSize)));
      losses.push(results.loss.item());
      yield { kind: 'step', loss: results.loss.item() };
    }
    const testAccuracy = (await sess.run(accuracy, feeds(test))).item();
    yield { kind: 'line', text: `${epoch}\tAccuracy on ${nTest} other reviews: ${percent(testAccuracy)}` };
  }

  // What it thinks after each word: the review up to there, as if it ended.
  yield { kind: 'line', text: 'Probability that the author liked the film:' };
  const opinions: Panel[] = [];
  for (const text of shown) {
    const read = text.split(' ');
    const soFar = read.map((_, i) => i + 1);
    const thoughts = await sess.run(proba, [
      [X, wordIds(soFar.map(() => read))],
      [seqLength, soFar],
    ]);
    yield { kind: 'line', text: `${percent(thoughts.get(read.length - 1)).padStart(7)}  ${text}` };
    const points = read.map((_, i): [number, number] => [i + 1, thoughts.get(i)]);
    const curves = [
      { name: 'liked the film', points },
      { name: 'words', points, marks: true, labels: read },
    ];
    opinions.push({ x: 'words read', y: 'probability', height: 150, curves });
  }

  const points = losses.map((value, step): [number, number] => [step, value]);
  yield {
    kind: 'file',
    name: 'sentiment.svg',
    about: 'Opinions after each word',
    contents: plotPanels('Did the author like the film?', [
      ...opinions,
      { title: 'training', x: 'step', y: 'loss', curves: [{ name: 'loss', points }] },
    ]),
  };
}

/** The numbers of words, shorter texts filled up with zeros, which nobody reads. */
function wordIds(texts: readonly (readonly string[])[]): number[][] {
  const longest = Math.max(...texts.map(({ length }) => length));
  return texts.map((text) =>
    Array.from({ length: longest }, (_, i) => Math.max(0, filmReviewWords.indexOf(text[i] ?? ''))),
  );
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)}%`;
