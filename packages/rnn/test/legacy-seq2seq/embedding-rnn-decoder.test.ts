import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  constant,
  globalVariables,
  globalVariablesInitializer,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  variableScope,
} from '@tensorloom/graph';
import { GRUCell, OutputProjectionWrapper, legacySeq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { run } from '../seq2seq/support.js';
import { expectClose } from '../support.js';
import { checkDecoder, variables } from './support.js';

beforeEach(() => resetDefaultGraph());

const ids = (...steps: number[][]) => steps.map((step) => constant(step, { dtype: 'int32' }));
const state = () =>
  constant([
    [0.5, -0.5],
    [0.1, 0.9],
  ]);

test('looks symbols up', () => {
  const cell = new OutputProjectionWrapper(new GRUCell(2), 4);
  const [outputs, last] = legacySeq2seq.embeddingRnnDecoder(ids([0, 1], [2, 3]), state(), cell, 4, 3);
  const got = run({ outputs, last });
  expect(got.outputs.map((t) => t.shape)).toEqual([
    [2, 4],
    [2, 4],
  ]);
  expect(got.last.shape).toEqual([2, 2]);
  expect(variables()[0]).toBe('embedding_rnn_decoder/embedding 4x3');
  expect(variables()[1]).toBe('embedding_rnn_decoder/rnn_decoder/output_projection_wrapper/gru_cell/gates/kernel 5x4');
});

/** The likeliest symbol of each row. */
const likeliest = (logits: { shape: readonly number[]; get(...at: number[]): number }): number[] =>
  Array.from({ length: logits.shape[0] }, (_, row) => {
    const scores = Array.from({ length: logits.shape[1] }, (_s, symbol) => logits.get(row, symbol));
    return scores.indexOf(Math.max(...scores));
  });

test('feedPrevious reads what was written, as one would feed it by hand', () => {
  const cell = new OutputProjectionWrapper(new GRUCell(2), 5);
  const placeholders = [0, 1, 2].map(() => placeholder('int32', [2]));
  const decode = (feedPrevious: boolean) =>
    variableScope(
      '',
      { reuse: 'auto' },
      () => legacySeq2seq.embeddingRnnDecoder(placeholders, state(), cell, 5, 3, { feedPrevious })[0],
    );
  const own = decode(true);
  const fed = decode(false);
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const feeds = (steps: readonly (readonly number[])[]) => placeholders.map((p, i) => [p, steps[i]] as const);
  const written = session.runSync(
    own,
    feeds([
      [1, 2],
      [0, 0],
      [0, 0],
    ]),
  );
  const again = session.runSync(fed, feeds([[1, 2], likeliest(written[0]), likeliest(written[1])]));
  session.close();
  written.forEach((logits, i) => expectClose(logits.toArray(), again[i].toArray()));
});

test('an output projection makes the logits that symbols are chosen by', () => {
  const cell = new GRUCell(2);
  // Symbol 2 is always the likeliest.
  const outputProjection = [
    constant([
      [0, 0, 0],
      [0, 0, 0],
    ]),
    constant([0, 0, 1]),
  ] as const;
  const options = { outputProjection, feedPrevious: true };
  const [own] = legacySeq2seq.embeddingRnnDecoder(ids([1, 1], [0, 0]), state(), cell, 3, 3, options);
  expect(own.map((t) => t.shape)).toEqual([
    [2, 2],
    [2, 2],
  ]);
  const wrong = [
    constant([
      [0, 0],
      [0, 0],
    ]),
    constant([0, 0]),
  ] as const;
  expect(() => legacySeq2seq.embeddingRnnDecoder(ids([1]), state(), cell, 3, 3, { outputProjection: wrong })).toThrow(
    /expected an outputProjection of weights \[units,3\] and biases \[3\]/,
  );
});

test('gradients go to the embedding of what was written unless they are not to', () => {
  for (const updateEmbeddingForPrevious of [true, false]) {
    resetDefaultGraph();
    const cell = new OutputProjectionWrapper(new GRUCell(2), 3);
    const [outputs] = legacySeq2seq.embeddingRnnDecoder(ids([0], [0], [0]), constant([[0.5, 0.2]]), cell, 3, 2, {
      feedPrevious: true,
      updateEmbeddingForPrevious,
    });
    const [embedding] = globalVariables();
    const [d] = gradients(reduceSum(outputs[2]), [embedding]);
    if (d === null) throw new Error('expected a gradient');
    const got = run({ d, outputs });
    const read = new Set([0, ...(updateEmbeddingForPrevious ? got.outputs.slice(0, 2).flatMap(likeliest) : [])]);
    for (const symbol of [0, 1, 2]) {
      const some = [0, 1].some((i) => got.d.get(symbol, i) !== 0);
      expect(some, `symbol ${symbol}`).toBe(read.has(symbol));
    }
  }
});

test('gradients', () => {
  checkDecoder([2, 2], (x) =>
    legacySeq2seq.embeddingRnnDecoder(ids([0, 1], [2, 0]), x, new OutputProjectionWrapper(new GRUCell(2), 3), 3, 2),
  );
});

test('inputs are symbols', () => {
  const decode = () => legacySeq2seq.embeddingRnnDecoder([constant([[1]])], state(), new GRUCell(2), 3, 2);
  expect(decode).toThrow(/expected inputs that are symbols, int32 \[batch\], got/);
});
