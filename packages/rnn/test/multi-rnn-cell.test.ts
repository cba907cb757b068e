import { type Tensor, constant, placeholder, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import {
  BasicLSTMCell,
  BasicRNNCell,
  DropoutWrapper,
  GRUCell,
  MultiRNNCell,
  OutputProjectionWrapper,
  dynamicRnn,
} from '@tensorloom/rnn';
import { beforeEach, expect, test, vi } from 'vitest';
import { checkBptt, filled } from './support.js';

beforeEach(() => resetDefaultGraph());

test('names and sizes', () => {
  const cell = new MultiRNNCell([new BasicLSTMCell(3), new GRUCell(2)]);
  expect([cell.outputSize, cell.stateSize]).toEqual([2, [{ c: 3, h: 3 }, 2]]);
  const [outputs, [first, second]] = dynamicRnn(cell, placeholder('float32', [null, null, 4]), { dtype: 'float32' });
  expect(outputs.shape).toEqual([null, null, 2]);
  expect(Object.keys(first)).toEqual(['c', 'h']);
  expect(second).toBeDefined();
  expect(trainableVariables().map((v) => v.op)).toEqual([
    'rnn/multi_rnn_cell/cell_0/basic_lstm_cell/kernel',
    'rnn/multi_rnn_cell/cell_0/basic_lstm_cell/bias',
    'rnn/multi_rnn_cell/cell_1/gru_cell/gates/kernel',
    'rnn/multi_rnn_cell/cell_1/gru_cell/gates/bias',
    'rnn/multi_rnn_cell/cell_1/gru_cell/candidate/kernel',
    'rnn/multi_rnn_cell/cell_1/gru_cell/candidate/bias',
  ]);
});

test('gradients through stacks of cells and wrappers', () =>
  checkBptt(
    () =>
      new MultiRNNCell([
        new OutputProjectionWrapper(new BasicRNNCell(2), 3),
        new MultiRNNCell([new BasicLSTMCell(2), new DropoutWrapper(new GRUCell(1), { inputKeepProb: 1 })]),
      ]),
  ));

test('the same cell twice is warned of, none at all is an error, and so is another number of states', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const cell = new BasicRNNCell(2);
  new MultiRNNCell([cell, new BasicRNNCell(2)]);
  expect(warn).not.toHaveBeenCalled();
  new MultiRNNCell([cell, cell]);
  expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^MultiRNNCell: the same cell object occurs more than once/));
  warn.mockRestore();
  expect(() => new MultiRNNCell([])).toThrow(/^MultiRNNCell: expected at least one cell, got none/);
  expect(() => new MultiRNNCell<Tensor[]>([cell]).call(constant([[1, 2]]), [filled(2, 0), filled(2, 0)])).toThrow(
    /^MultiRNNCell: expected a state for each of the 1 cells, got 2/,
  );
});
