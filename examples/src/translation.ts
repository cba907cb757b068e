import { type DatePair, datePairs } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { AttentionDecoderCell, type AttentionState } from './attention-decoder-cell.js';
import { beamSearch } from './beam-search.js';
import { plotPanels } from './plot-panels.js';
import type { ProgramEvent, TrainingProgramOptions } from './training-program.js';

const nTrain = 20_000;
const nTest = 2_000;
const batchSize = 100;
const embeddingSize = 32;
const nUnits = 64;
const learningRate = 0.003;
const beamWidth = 4;
const testBatchSize = 250;
const nShown = 5;

const sourceLetters = ' ,0123456789abcdefghijklmnopqrstuvwxyz';
const targetLetters = '0123456789-';
// One more target symbol begins and ends a translation.
const edge = targetLetters.length;
const nTargets = targetLetters.length + 1;
const maxLength = 'yyyy-mm-dd'.length + 1;

const idsOf = (text: string, letters: string): number[] => Array.from(text, (letter) => letters.indexOf(letter));
const textOf = (ids: readonly number[]): string => ids.map((id) => targetLetters[id]).join('');

/** Translates dates as people write them into ISO 8601: an encoder reads letters, a decoder writes some and looks back at what was read. */
export async function* run(options: TrainingProgramOptions = {}): AsyncGenerator<ProgramEvent, void> {
  const { epochs: nEpochs = 8, session, signal } = options;
  const stopped = (): boolean => signal?.aborted === true;
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const source = tl.placeholder('int32', [null, null], { name: 'source' });
  const sourceLength = tl.placeholder('int32', [null], { name: 'source_length' });
  const target = tl.placeholder('int32', [null, null], { name: 'target' });
  const labels = tl.placeholder('int32', [null, null], { name: 'labels' });

  const initializer = tl.randomUniformInitializer({ minval: -1, maxval: 1 });
  const sourceEmbeddings = tl.getVariable('source_embeddings', [sourceLetters.length, embeddingSize], { initializer });
  const targetEmbeddings = tl.getVariable('target_embeddings', [nTargets, embeddingSize], { initializer });

  const [encoded, encoderState] = tl.rnn.dynamicRnn(
    new tl.rnn.GRUCell(nUnits),
    tl.nn.embeddingLookup(sourceEmbeddings, source),
    { dtype: 'float32', sequenceLength: sourceLength, scope: 'encoder' },
  );
  const flatMemory = tl.layers.dense(tl.reshape(encoded, [-1, nUnits]), nUnits, {
    useBias: false,
    name: 'memory_layer',
  });
  const memory = tl.reshape(flatMemory, tl.stack([tl.dimOf(encoded, 0), tl.dimOf(encoded, 1), nUnits]));
  const read = tl.sequenceMask(sourceLength, tl.dimOf(source, 1), { dtype: 'float32' });
  const mask = tl.mul(read.sub(1), 1e9);

  const decoderCell = new AttentionDecoderCell(nUnits, memory, mask);
  const initialState: AttentionState = { h: encoderState, attention: tl.zerosLike(encoderState) };
  const [decoded, decoderState] = tl.rnn.dynamicRnn(decoderCell, tl.nn.embeddingLookup(targetEmbeddings, target), {
    initialState,
    scope: 'decoder',
  });
  const flatLogits = tl.layers.dense(tl.reshape(decoded, [-1, nUnits]), nTargets, { name: 'projection' });
  const flatLabels = tl.reshape(labels, [-1]);
  const loss = tl.reduceMean(tl.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: flatLabels, logits: flatLogits }));
  const trainingOp = new tl.train.AdamOptimizer({ learningRate }).minimize(loss);
  const logProbabilities = tl.nn.logSoftmax(flatLogits);

  const init = tl.globalVariablesInitializer();

  // No date occurs twice: those to be tested on have not been seen, however written.
  const pairs = datePairs(nTrain + nTest, { seed: 42 });
  const train = pairs.slice(0, nTrain);
  const test = pairs.slice(nTrain);
  const feedSource = (batch: readonly DatePair[]) => {
    const longest = Math.max(...batch.map(({ written }) => written.length));
    return [
      [source, batch.map(({ written }) => idsOf(written.padEnd(longest), sourceLetters))],
      [sourceLength, batch.map(({ written }) => written.length)],
    ] as const;
  };
  const feedTarget = (batch: readonly DatePair[]) => {
    const targets = batch.map(({ iso }) => idsOf(iso, targetLetters));
    return [
      [target, targets.map((ids) => [edge, ...ids])],
      [labels, targets.map((ids) => [...ids, edge])],
    ] as const;
  };

  await using sess = new tl.Session(session);

  /** The likeliest translation of each source that a search of the given width finds. */
  async function translate(batch: readonly DatePair[], width: number): Promise<string[]> {
    const ofSource = await sess.run({ memory, mask, initialState }, feedSource(batch));
    const rows = batch.flatMap((_, row) => Array.from({ length: width }, () => row));
    const memories = takeRows(ofSource.memory, rows);
    const masks = takeRows(ofSource.mask, rows);
    let state: Readonly<Record<'h' | 'attention', tl.NDArray>> = {
      h: takeRows(ofSource.initialState.h, rows),
      attention: takeRows(ofSource.initialState.attention, rows),
    };
    const search = { sources: batch.length, width, start: edge, end: edge, maxLength };
    const found = await beamSearch(search, async (symbols, parents) => {
      const results = await sess.run({ logProbabilities, decoderState }, [
        [memory, memories],
        [mask, masks],
        [target, symbols.map((symbol) => [symbol])],
        [initialState.h, takeRows(state.h, parents)],
        [initialState.attention, takeRows(state.attention, parents)],
      ]);
      state = results.decoderState;
      return results.logProbabilities;
    });
    return found.map(([{ symbols }]) => textOf(symbols));
  }

  /** The part of the pairs that is translated without a mistake. */
  async function exactMatch(of: readonly DatePair[], width: number): Promise<number> {
    let right = 0;
    for (let start = 0; start < of.length; start += testBatchSize) {
      const batch = of.slice(start, start + testBatchSize);
      const translations = await translate(batch, width);
      right += translations.filter((translation, i) => translation === batch[i].iso).length;
    }
    return right / of.length;
  }

  await sess.run(init);
  const losses: number[] = [];
  yield { kind: 'training', title: 'translating dates', steps: (nEpochs * nTrain) / batchSize };
  for (let epoch = 0; epoch < nEpochs && !stopped(); epoch++) {
    for (let start = 0; start < nTrain && !stopped(); start += batchSize) {
      const batch = train.slice(start, start + batchSize);
      const results = await sess.run({ trainingOp, loss }, [...feedSource(batch), ...feedTarget(batch)]);
      losses.push(results.loss.item());
      yield { kind: 'step', loss: results.loss.item() };
    }
    const right = await exactMatch(test.slice(0, testBatchSize), 1);
    yield {
      kind: 'line',
      text: `${epoch}\tLoss: ${losses.at(-1)?.toFixed(4)}, exact match (greedy): ${percent(right)}`,
    };
  }

  const shown = test.slice(0, nShown);
  const translations = await translate(shown, beamWidth);
  for (const [i, { written }] of shown.entries()) yield { kind: 'line', text: `${written} -> ${translations[i]}` };
  if (!stopped()) {
    yield { kind: 'line', text: `Of ${nTest} dates not seen in training, without a mistake` };
    yield { kind: 'line', text: `  greedy: ${percent(await exactMatch(test, 1))}` };
    yield { kind: 'line', text: `  ${beamWidth} beams: ${percent(await exactMatch(test, beamWidth))}` };
  }
  const points = losses.map((value, step): [number, number] => [step, value]);
  yield {
    kind: 'file',
    name: 'translation.svg',
    about: 'Loss',
    contents: plotPanels('Dates in words to ISO 8601', [
      { x: 'step', y: 'loss of a letter', height: 320, curves: [{ name: 'loss', points }] },
    ]),
  };
}

/** Rows of an array along its first axis, in the order asked for. */
function takeRows(array: tl.NDArray, rows: readonly number[]): tl.NDArray<'float32'> {
  const shape = [rows.length, ...array.shape.slice(1)];
  const size = array.shape.slice(1).reduce((product, n) => product * n, 1);
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, i) => data.set(array.data.subarray(row * size, (row + 1) * size), i * size));
  return new tl.NDArray('float32', shape, data);
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)}%`;
