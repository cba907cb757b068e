import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { GRUCell, legacySeq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from '../seq2seq/support.js';
import { checkDecoder, variables } from './support.js';

beforeEach(() => resetDefaultGraph());

const ids = (...steps: number[][]) => steps.map((step) => constant(step, { dtype: 'int32' }));

test('reads once and writes several sequences, each by its name', () => {
  const [outputs, states] = legacySeq2seq.one2manyRnnSeq2seq(
    ids([1, 1], [2, 0]),
    { first: ids([0, 1], [1, 0], [2, 2]), second: ids([3, 3]) },
    new GRUCell(2),
    { first: new GRUCell(2), second: new GRUCell(2) },
    3,
    { first: 5, second: 6 },
    4,
    { feedPrevious: true },
  );
  const got = run({ outputs, states });
  expect(got.outputs.first.map((t) => t.shape)).toEqual([
    [2, 5],
    [2, 5],
    [2, 5],
  ]);
  expect(got.outputs.second.map((t) => t.shape)).toEqual([[2, 6]]);
  expect(got.states.second.shape).toEqual([2, 2]);
  const names = variables();
  expect(names).toContain('one2many_rnn_seq2seq/rnn/embedding_wrapper/embedding 3x4');
  expect(names).toContain('one2many_rnn_seq2seq/one2many_decoder_first/embedding_rnn_decoder/embedding 5x4');
  expect(names).toContain(
    'one2many_rnn_seq2seq/one2many_decoder_second/embedding_rnn_decoder/rnn_decoder/output_projection_wrapper/kernel 2x6',
  );
});

test('gradients, with a choice of what is read', () => {
  checkDecoder([1], (x) => {
    // What was written before is not read, as gradients then leave its embedding out.
    const choice = x.mul(0).notEqual(0).reshape([]);
    const [outputs, states] = legacySeq2seq.one2manyRnnSeq2seq(
      ids([1], [2]),
      { a: ids([0], [1]), b: ids([2]) },
      new GRUCell(2),
      { a: new GRUCell(2), b: new GRUCell(2) },
      3,
      { a: 3, b: 3 },
      2,
      { dtype: 'float64', feedPrevious: choice },
    );
    return [[...outputs.a.map((y) => y.mul(x)), ...outputs.b], states];
  });
});

test('every decoder needs a cell', () => {
  const inputs: Record<string, ReturnType<typeof ids>> = { a: ids([0]), b: ids([1]) };
  expect(() =>
    legacySeq2seq.one2manyRnnSeq2seq(ids([1]), inputs, new GRUCell(2), { a: new GRUCell(2) }, 3, { a: 3, b: 3 }, 2),
  ).toThrow(/expected a cell and a number of symbols for the decoder 'b'/);
});
