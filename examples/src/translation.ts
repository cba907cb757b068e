import { type DatePair, datePairs } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
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

  const [encoderOutputs, encoderState] = tl.rnn.dynamicRnn(
    new tl.rnn.GRUCell(nUnits),
    tl.nn.embeddingLookup(sourceEmbeddings, source),
    { dtype: 'float32', sequenceLength: sourceLength, scope: 'encoder' },
  );

  const decoderCell = new tl.rnn.GRUCell(nUnits);
  const projection = new tl.layers.Dense(nTargets, { name: 'projection' });
  const nSources = tl.dimOf(source, 0);
  const start = tl.fill([nSources], tl.constant(edge, { dtype: 'int32' }));

  /** A decoder's cell, which attends to what the encoder has read, and the state it starts from, for so many beams. Variables are shared. */
  function attentionCell(beams = 1) {
    const encoder = { memory: encoderOutputs, memorySequenceLength: sourceLength, cellState: encoderState };
    const { memory, memorySequenceLength, cellState } = tl.seq2seq.tileBatch(encoder, beams);
    const attention = tl.variableScope(
      'attention',
      { reuse: 'auto' },
      () => new tl.seq2seq.LuongAttention(nUnits, memory, { memorySequenceLength }),
    );
    const cell = new tl.seq2seq.AttentionWrapper(decoderCell, attention, { attentionLayerSize: nUnits });
    return { cell, initialState: { ...cell.zeroState(nSources.mul(beams), 'float32'), cellState } };
  }

  // To learn, the decoder reads the letters it should have written.
  const { cell, initialState } = attentionCell();
  const targetLength = tl.fill([nSources], tl.dimOf(target, 1));
  const trainingHelper = new tl.seq2seq.TrainingHelper(tl.nn.embeddingLookup(targetEmbeddings, target), targetLength);
  const trainingDecoder = new tl.seq2seq.BasicDecoder(cell, trainingHelper, initialState, projection);
  const [{ rnnOutput: logits }] = tl.seq2seq.dynamicDecode(trainingDecoder);
  const loss = tl.seq2seq.sequenceLoss(logits, labels, tl.onesLike(labels, { dtype: 'float32' }));
  const trainingOp = new tl.train.AdamOptimizer({ learningRate }).minimize(loss);

  // To translate, it reads what it has written itself.
  const [greedy, beams] = tl.variableScope('', { reuse: true }, () => {
    const helper = new tl.seq2seq.GreedyEmbeddingHelper(targetEmbeddings, start, edge);
    const one = attentionCell();
    const greedyDecoder = new tl.seq2seq.BasicDecoder(one.cell, helper, one.initialState, projection);
    const some = attentionCell(beamWidth);
    const beamDecoder = new tl.seq2seq.BeamSearchDecoder(
      some.cell,
      targetEmbeddings,
      start,
      edge,
      some.initialState,
      beamWidth,
      { outputLayer: projection },
    );
    const limit = { maximumIterations: maxLength };
    const [{ sampleId }] = tl.seq2seq.dynamicDecode(greedyDecoder, limit);
    const [{ predictedIds }] = tl.seq2seq.dynamicDecode(beamDecoder, limit);
    return [sampleId, tl.gather(predictedIds, 0, { axis: 2 })];
  });

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

  /** The translation of each source. */
  async function translate(batch: readonly DatePair[], how: tl.Tensor): Promise<string[]> {
    const ids = await sess.run(how, feedSource(batch));
    return batch.map((_, row) => {
      const written = Array.from({ length: ids.shape[1] }, (_step, time) => ids.get(row, time));
      const end = written.indexOf(edge);
      return textOf(end < 0 ? written : written.slice(0, end));
    });
  }

  /** The part of the pairs that is translated without a mistake. */
  async function exactMatch(of: readonly DatePair[], how: tl.Tensor): Promise<number> {
    let right = 0;
    for (let start = 0; start < of.length; start += testBatchSize) {
      const batch = of.slice(start, start + testBatchSize);
      const translations = await translate(batch, how);
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
    const right = await exactMatch(test.slice(0, testBatchSize), greedy);
    yield {
      kind: 'line',
      text: `${epoch}\tLoss: ${losses.at(-1)?.toFixed(4)}, exact match (greedy): ${percent(right)}`,
    };
  }

  const shown = test.slice(0, nShown);
  const translations = await translate(shown, beams);
  for (const [i, { written }] of shown.entries()) yield { kind: 'line', text: `${written} -> ${translations[i]}` };
  if (!stopped()) {
    yield { kind: 'line', text: `Of ${nTest} dates not seen in training, without a mistake` };
    yield { kind: 'line', text: `  greedy: ${percent(await exactMatch(test, greedy))}` };
    yield { kind: 'line', text: `  ${beamWidth} beams: ${percent(await exactMatch(test, beams))}` };
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

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)}%`;
