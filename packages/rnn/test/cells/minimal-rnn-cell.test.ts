import { reference } from '@tensorloom/backend-reference';
import {
  constantInitializer,
  globalVariablesInitializer,
  placeholder,
  relu,
  resetDefaultGraph,
  trainableVariables,
} from '@tensorloom/graph';
import { MinimalRNNCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test("TensorFlow's own tests: 2 units, kernels 0.5, x ones, state 0.1", () => {
  const kernelInitializer = constantInitializer(0.5);
  const small = new MinimalRNNCell(2, { kernelInitializer });
  expectClose(stepOf(small, [[1, 1]], filled(2, 0.1))[0], [0.18899589, 0.18899589], 1e-6);
  const wide = new MinimalRNNCell(2, { kernelInitializer, name: 'wide' });
  expectClose(stepOf(wide, [[1, 1, 1]], filled(2, 0.1))[0], [0.19554167, 0.19554167], 1e-6);
});

test('the kernels begin as glorot says, whatever the variable scope does, the bias at one', () => {
  const cell = new MinimalRNNCell(2, { activation: relu });
  stepOf(cell, [[1, 1]], filled(2, 0.1));
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const values = session.runSync(trainableVariables()).map((v) => Array.from(v.data, Number));
  session.close();
  const bias = values.pop();
  expect(new Set(bias)).toEqual(new Set([1]));
  for (const kernel of values) expect(new Set(kernel).size).toBe(kernel.length);
});

test('names and sizes', () => {
  const cell = new MinimalRNNCell(3);
  expect([cell.stateSize, cell.outputSize]).toEqual([3, 3]);
  dynamicRnn(cell, placeholder('float32', [null, 4, 5]), { dtype: 'float32' });
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    ['rnn/minimal_rnn_cell/kernel', [11, 3]],
    ['rnn/minimal_rnn_cell/bias', [3]],
  ]);
});

test('gradients through time', () => checkBptt(() => new MinimalRNNCell(2)));

test('errors', () => {
  expect(() => new MinimalRNNCell(0)).toThrow('MinimalRNNCell: expected a positive number of units, got 0.');
  const cell = new MinimalRNNCell(2);
  expect(() => cell.call(placeholder('float32', [2, null]), filled(2, 0))).toThrow(
    /^MinimalRNNCell: expected an input of shape \[batch, depth\]/,
  );
});
