import { constantInitializer, placeholder, resetDefaultGraph, relu, trainableVariables } from '@tensorloom/graph';
import { BasicRNNCell, GRUCell, OutputProjectionWrapper, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test("TensorFlow's own test: GRU of 3 projected to 2, kernels 0.5, x = [[1, 1, 1]], state 0.1", () => {
  const [output, state] = stepOf(new OutputProjectionWrapper(new GRUCell(3), 2), [[1, 1, 1]], filled(3, 0.1));
  expectClose(output, [0.231907, 0.231907], 1e-6);
  expect(state).toHaveLength(3);
});

test('names, in the order of TensorFlow, and sizes', () => {
  const cell = new OutputProjectionWrapper(new BasicRNNCell(4), 1);
  expect([cell.stateSize, cell.outputSize]).toEqual([4, 1]);
  const [outputs] = dynamicRnn(cell, placeholder('float32', [null, 20, 1]), { dtype: 'float32' });
  expect(outputs.shape).toEqual([null, 20, 1]);
  expect(trainableVariables().map((v) => v.op)).toEqual([
    'rnn/output_projection_wrapper/basic_rnn_cell/kernel',
    'rnn/output_projection_wrapper/basic_rnn_cell/bias',
    'rnn/output_projection_wrapper/kernel',
    'rnn/output_projection_wrapper/bias',
  ]);
});

test('an activation, an initializer of its own', () => {
  const cell = new OutputProjectionWrapper(new GRUCell(3), 2, {
    activation: relu,
    kernelInitializer: constantInitializer(-1),
  });
  expectClose(stepOf(cell, [[1, 1, 1]], filled(3, 0.1))[0], [0, 0], 0);
});

test('gradients through time', () => checkBptt(() => new OutputProjectionWrapper(new GRUCell(2), 3)));

test('errors', () => {
  expect(() => new OutputProjectionWrapper(new GRUCell(2), 0)).toThrow(
    'OutputProjectionWrapper: expected a positive number of outputs, got 0.',
  );
});
