import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  dimOf,
  constant,
  gather,
  globalVariablesInitializer,
  isTensor,
  placeholder,
  resetDefaultGraph,
  setRandomSeed,
  variableScope,
  randomNormalInitializer,
} from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { BasicLSTMCell, GRUCell, MultiRNNCell, seq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const classes = 4;
const end = 3;
const start = [0, 1, 0];

/** A cell that writes what random variables say, so that every beginning has a probability of its own. */
function model(seed: number) {
  setRandomSeed(seed);
  const cell = new MultiRNNCell([new GRUCell(5), new BasicLSTMCell(4)]);
  const outputLayer = new layers.Dense(classes, { name: 'logits' });
  const embedding = constant([0, 1, 2, 3].map((id) => [0, 1, 2, 3].map((i) => (i === id ? 2 : 0))));
  const decode = <T>(build: () => T): T =>
    variableScope('model', { initializer: randomNormalInitializer({ stddev: 1.5 }), reuse: 'auto' }, build);
  return { cell, outputLayer, embedding, decode };
}

/** The ids that each beam writes, the best first, and their log probabilities. */
function beams(seed: number, width: number, maximumIterations: number, options: seq2seq.BeamSearchDecoderOptions = {}) {
  const { cell, outputLayer, embedding, decode } = model(seed);
  const initial = cell.zeroState(start.length * width, 'float32');
  const decoder = new seq2seq.BeamSearchDecoder(cell, embedding, start, end, initial, width, {
    outputLayer,
    ...options,
  });
  const [{ predictedIds }, { logProbs, lengths }] = decode(() => seq2seq.dynamicDecode(decoder, { maximumIterations }));
  return { predictedIds, logProbs, lengths };
}

test('one beam is greedy search', () => {
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      resetDefaultGraph();
      const { predictedIds, lengths } = beams(seed, 1, 6);
      const { cell, outputLayer, embedding, decode } = model(seed);
      const helper = new seq2seq.GreedyEmbeddingHelper(embedding, start, end);
      const decoder = new seq2seq.BasicDecoder(cell, helper, cell.zeroState(start.length, 'float32'), outputLayer);
      const [greedy, , steps] = decode(() => seq2seq.dynamicDecode(decoder, { maximumIterations: 6 }));
      const got = run({ predictedIds, lengths, greedy: greedy.sampleId, steps });
      start.forEach((_, row) => {
        const n = got.steps.get(row);
        expect(got.lengths.get(row, 0)).toBe(n);
        const [steps] = got.predictedIds.shape.slice(1);
        for (let time = 0; time < steps; time++) {
          expect(got.predictedIds.get(row, time, 0)).toBe(time < n ? got.greedy.get(row, time) : end);
        }
      });
    }),
    { numRuns: 8 },
  );
});

/** All sequences of at most `most` ids, which end at the first `end`. */
function sequences(most: number): number[][] {
  if (most === 0) return [[]];
  return [0, 1, 2, 3].flatMap((id) => (id === end ? [[end]] : sequences(most - 1).map((rest) => [id, ...rest])));
}

test('as many beams as there are sequences find them all, the likeliest first', () => {
  const most = 3;
  const all = sequences(most);
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      resetDefaultGraph();
      const { predictedIds, logProbs, lengths } = beams(seed, all.length, most);
      const { cell, outputLayer, embedding, decode } = model(seed);
      // Every sequence's probability, by the cell alone.
      const scores = decode(() =>
        variableScope('decoder', () => {
          let state = cell.zeroState(start.length * all.length, 'float32');
          let last: Tensor = constant(
            start.flatMap((id) => all.map(() => id)),
            { dtype: 'int32' },
          );
          const steps: Tensor[] = [];
          for (let time = 0; time < most; time++) {
            const [output, next] = cell.call(gather(embedding, last), state);
            steps.push(outputLayer.apply(output));
            state = next;
            last = constant(
              start.flatMap(() => all.map((ids) => ids[time] ?? end)),
              { dtype: 'int32' },
            );
          }
          return steps;
        }),
      );
      const got = run({ predictedIds, logProbs, lengths, scores });
      const logProbability = (row: number, ids: readonly number[], n: number): number =>
        ids.reduce((sum, id, time) => {
          const of = (symbol: number): number => got.scores[time].get(row * all.length + n, symbol);
          return sum + of(id) - Math.log([0, 1, 2, 3].reduce((total, symbol) => total + Math.exp(of(symbol)), 0));
        }, 0);
      start.forEach((_, row) => {
        const best = all.map((ids, n) => ({ ids, p: logProbability(row, ids, n) })).sort((a, b) => b.p - a.p);
        best.forEach(({ p }, beam) => expect(got.logProbs.get(row, beam)).toBeCloseTo(p, 4));
        expect(best.reduce((sum, { p }) => sum + Math.exp(p), 0)).toBeCloseTo(1, 4);
        const written = best.map((_b, beam) =>
          Array.from({ length: got.lengths.get(row, beam) }, (_t, time) => got.predictedIds.get(row, time, beam)).join(
            ' ',
          ),
        );
        // Sequences of nearly one probability may change places.
        expect(new Set(written)).toEqual(new Set(all.map((ids) => ids.join(' '))));
        expect(written[0]).toBe(best[0].ids.join(' '));
      });
    }),
    { numRuns: 3 },
  );
});

test('ends when all beams have ended', () => {
  const { embedding } = model(1);
  // A cell that always writes the end.
  const cell = {
    stateSize: 1,
    outputSize: classes,
    zeroState: () => constant([[0], [0], [0], [0], [0], [0]]),
    call: (input: Tensor, state: Tensor): readonly [Tensor, Tensor] => [input.mul(0).add([0, 0, 0, 50]), state.add(1)],
  };
  const decoder = new seq2seq.BeamSearchDecoder(cell, embedding, start, end, cell.zeroState(), 2);
  const [outputs, state] = seq2seq.dynamicDecode(decoder);
  const got = run({ ids: outputs.predictedIds, state });
  // The second beam has to begin with something else.
  expect(got.ids.shape).toEqual([3, 2, 2]);
  expect(run(outputs.predictedIds.slice([0, 0, 0], [3, 2, 1]).reshape([3, 2])).toArray()).toEqual([
    [3, 3],
    [3, 3],
    [3, 3],
  ]);
  expect(got.state.lengths.toArray()).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
  ]);
  expect(Array.from(got.state.cellState.data)).toEqual([2, 2, 2, 2, 2, 2]);
});

test('batch and beams may be known only when it runs', () => {
  const { cell, outputLayer, embedding, decode } = model(2);
  const tokens = placeholder('int32', [null]);
  const initial = seq2seq.tileBatch(cell.zeroState(dimOf(tokens, 0), 'float32'), 3);
  const decoder = new seq2seq.BeamSearchDecoder(cell, embedding, tokens, end, initial, 3, { outputLayer });
  const [{ predictedIds }] = decode(() =>
    seq2seq.dynamicDecode(decoder, { maximumIterations: 4, outputTimeMajor: true }),
  );
  expect(predictedIds.shape).toEqual([null, null, 3]);
  expect(run(predictedIds, [[tokens, [0, 1]]]).shape).toEqual([4, 2, 3]);
});

test('with attention: the history is that of the ids each beam has written, read again', () => {
  const width = 3;
  const time = 5;
  const memory = [0, 1, 2].map((row) => [0, 1, 2, 3].map((i) => [Math.sin(row + i), Math.cos(3 * row - i)]));
  const memorySequenceLength = constant([4, 2, 3], { dtype: 'int32' });
  const { embedding, outputLayer, decode } = model(5);
  // The length of the memory is only known when it runs.
  const fed = placeholder('float32', [null, null, 2]);
  const tiled = seq2seq.tileBatch({ memory: fed, memorySequenceLength }, width);
  const attention = new seq2seq.LuongAttention(4, tiled.memory, { memorySequenceLength: tiled.memorySequenceLength });
  const cell = new seq2seq.AttentionWrapper(new GRUCell(4), attention, {
    attentionLayerSize: 4,
    alignmentHistory: true,
  });
  const zero = cell.zeroState(start.length * width, 'float32');

  const decoder = new seq2seq.BeamSearchDecoder(cell, embedding, start, end, zero, width, {
    outputLayer,
    coveragePenaltyWeight: 0.2,
    lengthPenaltyWeight: 0.6,
  });
  const [{ predictedIds }, { lengths, cellState, accumulatedAttentionProbs }] = decode(() =>
    seq2seq.dynamicDecode(decoder, { maximumIterations: time }),
  );
  const written = placeholder('int32', [start.length * width, time]);
  const helper = new seq2seq.TrainingHelper(gather(embedding, written), Array<number>(start.length * width).fill(time));
  const [, again] = decode(() => seq2seq.dynamicDecode(new seq2seq.BasicDecoder(cell, helper, zero, outputLayer)));
  if (!isTensor(accumulatedAttentionProbs)) throw new Error('expected attention to be summed up');

  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const fetches = {
    predictedIds,
    lengths,
    history: cellState.alignmentHistory.stack(),
    seen: accumulatedAttentionProbs,
  };
  const found = session.runSync(fetches, [[fed, memory]]);
  const ids = start.flatMap((first, row) =>
    [0, 1, 2].map((beam) => [
      first,
      ...Array.from({ length: time - 1 }, (_, t) =>
        t < found.history.shape[0] ? found.predictedIds.get(row, t, beam) : end,
      ),
    ]),
  );
  const want = session.runSync(again.alignmentHistory.stack(), [
    [written, ids],
    [fed, memory],
  ]);
  start.forEach((_, row) => {
    for (let beam = 0; beam < width; beam++) {
      for (let place = 0; place < 4; place++) {
        let sum = 0;
        for (let t = 0; t < found.lengths.get(row, beam); t++) {
          const alignment = want.get(t, row * width + beam, place);
          expect(found.history.get(t, row * width + beam, place)).toBeCloseTo(alignment, 5);
          sum += alignment;
        }
        expect(found.seen.get(row, beam, place)).toBeCloseTo(sum, 5);
      }
    }
  });
  session.close();
});

test('says what is wrong', () => {
  const { cell, embedding } = model(3);
  const decoder = (width: number, state = cell.zeroState(6, 'float32')) =>
    new seq2seq.BeamSearchDecoder(cell, embedding, start, end, state, width);
  expect(() => decoder(0)).toThrow(/positive number of beams, got 0/);
  expect(() => decoder(3)).toThrow(/expected an initial state of 3 \* 3 = 9 rows.*tileBatch\(state, 3\)/s);
  expect(() => seq2seq.dynamicDecode(decoder(2), { imputeFinished: true })).toThrow(/Leave imputeFinished out/);
  const covered = new seq2seq.BeamSearchDecoder(cell, embedding, start, end, cell.zeroState(6, 'float32'), 2, {
    coveragePenaltyWeight: 0.5,
  });
  expect(() => seq2seq.dynamicDecode(covered)).toThrow(/needs alignments.*Use an AttentionWrapper/s);
});
