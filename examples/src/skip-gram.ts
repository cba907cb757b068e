import { MersenneTwister, topics, topicText } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { type Panel, plotPanels } from './plot-panels.js';
import { principalAxes } from './principal-axes.js';
import { probes } from './skip-gram-probes.js';
import type { ProgramEvent, TrainingProgramOptions } from './training-program.js';

const nSentences = 20_000;
const batchSize = 128;
const embeddingSize = 32;
const skipWindow = 2;
const numSampled = 16;
const learningRate = 0.01;
const nNeighbours = 3;

/** Learns a vector for each word from the words around it, by telling real neighbours from noise (skip-gram with NCE). */
export async function* run(options: TrainingProgramOptions = {}): AsyncGenerator<ProgramEvent, void> {
  const { iterations: nIterations = 10_000, session, signal } = options;
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const text = topicText(nSentences, { seed: 42 });
  const vocabulary = byFrequency(text);
  const ids = new Map(vocabulary.map((word, id) => [word, id]));
  const words = text.map((word) => ids.get(word) ?? 0);
  const vocabularySize = vocabulary.length;

  const trainInputs = tl.placeholder('int32', [null], { name: 'inputs' });
  const trainLabels = tl.placeholder('int32', [null, 1], { name: 'labels' });

  const embeddings = tl.variable(tl.randomUniform([vocabularySize, embeddingSize], { minval: -1, maxval: 1 }));
  const embed = tl.nn.embeddingLookup(embeddings, trainInputs);

  const stddev = 1 / Math.sqrt(embeddingSize);
  const weights = tl.variable(tl.truncatedNormal([vocabularySize, embeddingSize], { stddev }));
  const biases = tl.variable(tl.zeros([vocabularySize]));
  const loss = tl.reduceMean(
    tl.nn.nceLoss({
      weights,
      biases,
      labels: trainLabels,
      inputs: embed,
      numSampled,
      numClasses: vocabularySize,
    }),
  );
  const trainingOp = new tl.train.AdamOptimizer({ learningRate }).minimize(loss);

  const normalizedEmbeddings = tl.nn.l2Normalize(embeddings, 1);
  const probeWords = Object.keys(probes);
  const probeIds = probeWords.map((word) => ids.get(word) ?? 0);
  const probeEmbeddings = tl.nn.embeddingLookup(normalizedEmbeddings, probeIds);
  const similarity = tl.matmul(probeEmbeddings, normalizedEmbeddings, { transposeB: true });
  // The most similar word is the word itself.
  const [, indices] = tl.topK(similarity, nNeighbours + 1);

  const init = tl.globalVariablesInitializer();

  const random = new MersenneTwister(42);
  await using sess = new tl.Session(session);
  await sess.run(init);
  const losses: number[] = [];
  yield { kind: 'training', title: 'skip-gram', steps: nIterations };
  for (let iteration = 0; iteration < nIterations && signal?.aborted !== true; iteration++) {
    const [inputs, labels] = nextBatch(words, random);
    const results = await sess.run({ trainingOp, loss }, [
      [trainInputs, inputs],
      [trainLabels, labels],
    ]);
    losses.push(results.loss.item());
    if (iteration % 1000 === 0) yield { kind: 'line', text: `${iteration}\tLoss: ${results.loss.item().toFixed(3)}` };
    yield { kind: 'step', loss: results.loss.item() };
  }

  const nearest = await sess.run(indices);
  let right = 0;
  for (const [row, word] of probeWords.entries()) {
    const neighbours = Array.from({ length: nNeighbours }, (_, i) => vocabulary[nearest.get(row, i + 1)]);
    const found = neighbours.some((neighbour) => probes[word].includes(neighbour));
    if (found) right++;
    yield { kind: 'line', text: `Nearest to ${word}: ${neighbours.join(', ')}${found ? '' : ' (none expected)'}` };
  }
  yield {
    kind: 'line',
    text: `${right} of ${probeWords.length} words have an expected one among their ${nNeighbours} nearest.`,
  };

  const points = losses.map((value, iteration): [number, number] => [iteration, value]);
  yield {
    kind: 'file',
    name: 'skip-gram.svg',
    about: 'Words by their principal axes',
    contents: plotPanels('Embeddings of words', [
      ...drawTopics(await sess.run(normalizedEmbeddings), ids),
      { title: 'training', x: 'iteration', y: 'loss', curves: [{ name: 'loss', points }] },
    ]),
  };
}

/** The different words of a text, the most frequent first: noise is drawn by rank. */
export function byFrequency(text: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of text) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word);
}

/** Random words of the text, and one of the words around each. */
export function nextBatch(words: readonly number[], random: MersenneTwister): [inputs: number[], labels: number[][]] {
  const inputs: number[] = [];
  const labels: number[][] = [];
  while (inputs.length < batchSize) {
    const at = skipWindow + random.upTo(words.length - 1 - 2 * skipWindow);
    const offset = 1 + random.upTo(skipWindow - 1);
    inputs.push(words[at]);
    labels.push([words[random.uniform() < 0.5 ? at - offset : at + offset]]);
  }
  return [inputs, labels];
}

/** The words of each topic by the principal axes of their vectors: the first four tell what a word is in a sentence, those after them its topic. */
function drawTopics(vectors: tl.NDArray, ids: ReadonlyMap<string, number>): Panel[] {
  const groups = topics.map((roles) => Object.values(roles).flat());
  const words = groups.flat();
  const rows = words.map((word) => Array.from({ length: embeddingSize }, (_, i) => vectors.get(ids.get(word) ?? 0, i)));
  const places = new Map(principalAxes(rows, 6).map((place, i) => [words[i], place]));
  const plane = (x: number, y: number): Panel => ({
    x: `axis ${x}`,
    y: `axis ${y}`,
    height: 520,
    curves: groups.map((group) => ({
      name: group[0],
      marks: true,
      labels: group,
      points: group.map((word): [number, number] => {
        const place = places.get(word) ?? [];
        return [place[x - 1], place[y - 1]];
      }),
    })),
  });
  return [plane(1, 2), plane(5, 6)];
}
