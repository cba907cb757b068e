import { placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { BasicLSTMCell, MultiRNNCell } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test("TensorFlow's own test: two layers of 2 units, kernels 0.5, x = [[1, 1]], states 0.1", () => {
  const cell = new MultiRNNCell([new BasicLSTMCell(2), new BasicLSTMCell(2)]);
  const state = { c: filled(2, 0.1), h: filled(2, 0.1) };
  const [output, c0, h0, c1, h1] = stepOf(cell, [[1, 1]], [state, state]);
  expectClose(output, [0.24024698, 0.24024698], 1e-6);
  expectClose([c0, h0], [0.68967271, 0.68967271, 0.44848421, 0.44848421], 1e-6);
  expectClose([c1, h1], [0.39897051, 0.39897051, 0.24024698, 0.24024698], 1e-6);
});

test('gradients through time', () => checkBptt(() => new BasicLSTMCell(2)));

test('sizes, the zero state, errors', () => {
  const cell = new BasicLSTMCell(3);
  expect([cell.outputSize, cell.stateSize]).toEqual([3, { c: 3, h: 3 }]);
  const { c, h } = cell.zeroState(2, 'float32');
  expect([c.shape, h.shape]).toEqual([
    [2, 3],
    [2, 3],
  ]);
  expect(() => new BasicLSTMCell(1.5)).toThrow('BasicLSTMCell: expected a positive number of units, got 1.5.');
  expect(() => cell.call(placeholder('float32', [2, null]), { c, h })).toThrow(
    /BasicLSTMCell: expected an input of shape/,
  );
});
