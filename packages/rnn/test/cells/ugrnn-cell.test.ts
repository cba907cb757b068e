import { placeholder, resetDefaultGraph, sigmoid } from '@tensorloom/graph';
import { UGRNNCell } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test.each([
  [1, 0.13752282],
  [2, 0.10545051],
  [3, 0.10074195],
])("TensorFlow's own test: 2 units, kernel 0.5, x = %i, state 0.1", (x, want) => {
  const [output, state] = stepOf(new UGRNNCell(2), [[x, x, x, x]], filled(2, 0.1));
  expectClose(output, [want, want], 1e-6);
  expectClose(state, [want, want], 1e-6);
});

test('gradients through time', () => {
  checkBptt(() => new UGRNNCell(2));
  checkBptt(() => new UGRNNCell(3, { activation: sigmoid, forgetBias: 0 }), 2, 1);
});

test('errors', () => {
  expect(() => new UGRNNCell(0)).toThrow('UGRNNCell: expected a positive number of units, got 0.');
  expect(() => new UGRNNCell(2).call(placeholder('float32', [2, null]), filled(2, 0))).toThrow(/known depth/);
});
