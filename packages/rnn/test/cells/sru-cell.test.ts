import { placeholder, resetDefaultGraph, relu, trainableVariables } from '@tensorloom/graph';
import { SRUCell, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

test("TensorFlow's own test: 2 units, kernel 0.5, x = [[1, 1]], state 0.1", () => {
  const [output, memory] = stepOf(new SRUCell(2), [[1, 1]], filled(2, 0.1));
  expectClose(output, [0.509682, 0.509682], 1e-6);
  // All four products are 1, and so are the gates sigmoid(1).
  const f = sigmoid(1);
  const c = f * 0.1 + (1 - f);
  expectClose(memory, [c, c], 1e-6);
  expectClose(output[0], f * Math.tanh(c) + (1 - f), 1e-6);
});

test('names and sizes; the state meets no matrix', () => {
  const cell = new SRUCell(3, { activation: relu });
  expect([cell.stateSize, cell.outputSize]).toEqual([3, 3]);
  dynamicRnn(cell, placeholder('float32', [null, 4, 5]), { dtype: 'float32' });
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    ['rnn/sru_cell/kernel', [5, 12]],
    ['rnn/sru_cell/bias', [6]],
  ]);
});

test('gradients through time', () => checkBptt(() => new SRUCell(2)));

test('errors', () => {
  expect(() => new SRUCell(0)).toThrow('SRUCell: expected a positive number of units, got 0.');
  expect(() => new SRUCell(2).call(placeholder('float32', [2, null]), filled(2, 0))).toThrow(
    /^SRUCell: expected an input of shape \[batch, depth\]/,
  );
});
