import { placeholder, relu, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { BasicRNNCell, GRUCell, InputProjectionWrapper, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test("TensorFlow's own test: x = [[1, 1]] projected to 3 for a GRU of 3, kernels 0.5, state 0.1", () => {
  const [output] = stepOf(new InputProjectionWrapper(new GRUCell(3), 3), [[1, 1]], filled(3, 0.1));
  expectClose(output, [0.154605, 0.154605, 0.154605], 1e-6);
});

test('names, in the order of TensorFlow, and sizes', () => {
  const cell = new InputProjectionWrapper(new BasicRNNCell(4), 3, { activation: relu });
  expect([cell.stateSize, cell.outputSize]).toEqual([4, 4]);
  dynamicRnn(cell, placeholder('float32', [null, 5, 2]), { dtype: 'float32' });
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    ['rnn/input_projection_wrapper/kernel', [2, 3]],
    ['rnn/input_projection_wrapper/bias', [3]],
    ['rnn/input_projection_wrapper/basic_rnn_cell/kernel', [7, 4]],
    ['rnn/input_projection_wrapper/basic_rnn_cell/bias', [4]],
  ]);
});

test('gradients through time', () => checkBptt(() => new InputProjectionWrapper(new GRUCell(2), 3)));

test('errors', () => {
  expect(() => new InputProjectionWrapper(new GRUCell(2), 0)).toThrow(
    'InputProjectionWrapper: expected a positive number of projections, got 0.',
  );
});
