import { constant, resetDefaultGraph, unstack } from '@tensorloom/graph';
import { GRUCell, OutputProjectionWrapper, legacySeq2seq, staticRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from '../seq2seq/support.js';
import { expectClose } from '../support.js';
import { checkDecoder, variables } from './support.js';

beforeEach(() => resetDefaultGraph());

const ones = () =>
  constant([
    [0.5, 0.5],
    [0.5, 0.5],
  ]);

test('one set of variables reads and writes', () => {
  const cell = new OutputProjectionWrapper(new GRUCell(2), 4);
  const [outputs, state] = legacySeq2seq.tiedRnnSeq2seq([ones(), ones()], [ones()], cell);
  const [want, last] = staticRnn(cell, [ones(), ones(), ones()], { dtype: 'float32' });
  const got = run({ outputs, state, want, last });
  expectClose(got.outputs[0].toArray(), got.want[2].toArray());
  expectClose(got.state.toArray(), got.last.toArray());
  expect(variables()).toEqual([
    'tied_rnn_seq2seq/output_projection_wrapper/gru_cell/gates/kernel 4x4',
    'tied_rnn_seq2seq/output_projection_wrapper/gru_cell/gates/bias 4',
    'tied_rnn_seq2seq/output_projection_wrapper/gru_cell/candidate/kernel 4x2',
    'tied_rnn_seq2seq/output_projection_wrapper/gru_cell/candidate/bias 2',
    'tied_rnn_seq2seq/output_projection_wrapper/kernel 2x4',
    'tied_rnn_seq2seq/output_projection_wrapper/bias 4',
  ]);
});

test('a cell that asks for its variables at each step shares them too', () => {
  const cell = new GRUCell(2);
  const plain = {
    stateSize: 2,
    outputSize: 2,
    zeroState: cell.zeroState.bind(cell),
    call: (x: ReturnType<typeof constant>, s: ReturnType<typeof constant>) => new GRUCell(2).call(x, s),
  };
  legacySeq2seq.tiedRnnSeq2seq([ones()], [ones()], plain);
  expect(variables()).toHaveLength(4);
});

test('gradients, with a loop function', () => {
  checkDecoder([4, 2, 2], (x) => {
    const steps = unstack(x);
    return legacySeq2seq.tiedRnnSeq2seq(steps.slice(0, 2), steps.slice(2), new GRUCell(2), {
      dtype: 'float64',
      loopFunction: (previous) => previous.mul(2),
    });
  });
});
