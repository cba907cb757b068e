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

test('encoder and decoder have variables of their own', () => {
  const [outputs, state] = legacySeq2seq.basicRnnSeq2seq(
    [ones(), ones()],
    [ones(), ones(), ones()],
    () => new OutputProjectionWrapper(new GRUCell(2), 4),
  );
  const got = run({ outputs, state });
  expect(got.outputs.map((t) => t.shape)).toEqual([
    [2, 4],
    [2, 4],
    [2, 4],
  ]);
  expect(got.state.shape).toEqual([2, 2]);
  expect(variables()).toEqual(
    ['rnn', 'rnn_decoder'].flatMap((part) =>
      [
        'gru_cell/gates/kernel 4x4',
        'gru_cell/gates/bias 4',
        'gru_cell/candidate/kernel 4x2',
        'gru_cell/candidate/bias 2',
        'kernel 2x4',
        'bias 4',
      ].map((name) => `basic_rnn_seq2seq/${part}/output_projection_wrapper/${name}`),
    ),
  );
});

test('decodes from the state that the encoder ends in', () => {
  const cells: GRUCell[] = [];
  const make = () => {
    const cell = new GRUCell(2);
    cells.push(cell);
    return cell;
  };
  const [outputs] = legacySeq2seq.basicRnnSeq2seq([ones()], [ones()], make);
  const [, encoded] = staticRnn(cells[0], [ones()], { dtype: 'float32' });
  const [want] = staticRnn(cells[1], [ones()], { initialState: encoded });
  const [a, b] = run([outputs[0], want[0]]);
  expectClose(a.toArray(), b.toArray());
});

test('gradients', () => {
  checkDecoder([4, 2, 2], (x) => {
    const steps = unstack(x);
    return legacySeq2seq.basicRnnSeq2seq(steps.slice(0, 2), steps.slice(2), () => new GRUCell(2), { dtype: 'float64' });
  });
});
