import { constant, placeholder, resetDefaultGraph, toInts, trainableVariables } from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { BasicLSTMCell, GRUCell, MultiRNNCell, seq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { expectClose } from '../support.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('a step: the cell, the output layer, what the helper samples, and what comes next', () => {
  const cell = new BasicLSTMCell(4);
  const x = constant([
    [
      [1, 2],
      [3, 4],
    ],
    [
      [5, 6],
      [7, 8],
    ],
  ]);
  const decoder = new seq2seq.BasicDecoder(
    cell,
    new seq2seq.TrainingHelper(x, [2, 1]),
    cell.zeroState(2, 'float32'),
    new layers.Dense(3, { name: 'projection' }),
  );
  expect(decoder.outputDtype).toEqual({ rnnOutput: 'float32', sampleId: 'int32' });
  const [finished, first, state] = decoder.initialize();
  const [outputs, next, inputs, ends] = decoder.step(toInts(0, 'test'), first, state);
  const got = run({ batch: decoder.batchSize, finished, outputs, next, inputs, ends });
  expect(got.batch.item()).toBe(2);
  expect(got.finished.toArray()).toEqual([false, false]);
  expect(got.outputs.rnnOutput.shape).toEqual([2, 3]);
  expect(got.outputs.sampleId.shape).toEqual([2]);
  expect(got.next.c.shape).toEqual([2, 4]);
  expect(got.ends.toArray()).toEqual([false, true]);
  expect(inputs).toMatchObject({ dtype: 'float32', shape: [2, 2] });
});

test("variables have TensorFlow's names, and the output layer is applied inside the decoder's scope", () => {
  const cell = new MultiRNNCell([new GRUCell(2), new BasicLSTMCell(3)]);
  const helper = new seq2seq.TrainingHelper(placeholder('float32', [null, null, 5]), placeholder('int32', [null]));
  const state = cell.zeroState(helper.batchSize, 'float32');
  seq2seq.dynamicDecode(new seq2seq.BasicDecoder(cell, helper, state, new layers.Dense(7)));
  expect(trainableVariables().map((v) => `${v.name} ${v.shape.join('x')}`)).toEqual([
    'decoder/multi_rnn_cell/cell_0/gru_cell/gates/kernel:0 7x4',
    'decoder/multi_rnn_cell/cell_0/gru_cell/gates/bias:0 4',
    'decoder/multi_rnn_cell/cell_0/gru_cell/candidate/kernel:0 7x2',
    'decoder/multi_rnn_cell/cell_0/gru_cell/candidate/bias:0 2',
    'decoder/multi_rnn_cell/cell_1/basic_lstm_cell/kernel:0 5x12',
    'decoder/multi_rnn_cell/cell_1/basic_lstm_cell/bias:0 12',
    'decoder/dense/kernel:0 3x7',
    'decoder/dense/bias:0 7',
  ]);
});

test('the output layer may be a function, alone or as an option', () => {
  const cell = new GRUCell(2);
  const helper = () => new seq2seq.TrainingHelper([[[1, 2]], [[3, 4]]], [1, 1]);
  const zero = cell.zeroState(2, 'float32');
  const [plain] = seq2seq.dynamicDecode(new seq2seq.BasicDecoder(cell, helper(), zero));
  const [doubled] = seq2seq.dynamicDecode(new seq2seq.BasicDecoder(cell, helper(), zero, (x) => x.mul(2)));
  const outputLayer = (x: typeof zero) => x.mul(2);
  const [optional] = seq2seq.dynamicDecode(new seq2seq.BasicDecoder(cell, helper(), zero, { outputLayer }));
  const [a, b, c] = run([plain.rnnOutput.mul(2), doubled.rnnOutput, optional.rnnOutput]);
  expectClose(a.toArray(), b.toArray());
  expectClose(a.toArray(), c.toArray());
});

test('says what is wrong', () => {
  const helper = new seq2seq.TrainingHelper([[[1]]], [1]);
  const none: [] = [];
  const cell = { call: () => [constant([[1]]), none] as const };
  expect(() => new seq2seq.BasicDecoder(cell, helper, none)).toThrow(/expected an initial state of tensors, got none/);
});
