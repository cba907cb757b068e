import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  constant,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  trainableVariables,
} from '@tensorloom/graph';
import {
  BasicLSTMCell,
  BasicRNNCell,
  DropoutWrapper,
  GRUCell,
  MultiRNNCell,
  OutputProjectionWrapper,
  ResidualWrapper,
  dynamicRnn,
  seq2seq,
} from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test, vi } from 'vitest';
import { checkBptt, filled } from '../support.js';

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
  expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^MultiRNNCell: one \w+ is in layers /));
  warn.mockRestore();
  expect(() => new MultiRNNCell([])).toThrow(/^MultiRNNCell: expected at least one cell, got none/);
  expect(() => new MultiRNNCell<Tensor[]>([cell]).call(constant([[1, 2]]), [filled(2, 0), filled(2, 0)])).toThrow(
    /^MultiRNNCell: expected a state for each of the 1 cells, got 2/,
  );
});

test('layers that keep a history are carried by dynamicDecode', () => {
  const memory = constant(0.5, { shape: [2, 5, 3] });
  const attending = new seq2seq.AttentionWrapper(new GRUCell(4), new seq2seq.LuongAttention(4, memory), {
    alignmentHistory: true,
  });
  const cell = new MultiRNNCell([new ResidualWrapper(attending), new BasicLSTMCell(3)]);
  const helper = new seq2seq.TrainingHelper(constant(0.1, { shape: [2, 4, 3] }), [3, 4]);
  const decoder = new seq2seq.BasicDecoder(cell, helper, cell.zeroState(2, 'float32'));
  const [{ rnnOutput }, [{ alignmentHistory }]] = seq2seq.dynamicDecode(decoder);
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const [outputs, history] = session.runSync([rnnOutput, alignmentHistory.stack()]);
  session.close();
  expect(outputs.shape).toEqual([2, 4, 3]);
  expect(history.shape).toEqual([4, 2, 5]);
  expect(Array.from(history.data, (v) => v.toFixed(6))).toEqual(Array(40).fill('0.200000'));
});
