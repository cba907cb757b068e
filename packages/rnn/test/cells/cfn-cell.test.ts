import { reference } from '@tensorloom/backend-reference';
import {
  constantInitializer,
  globalVariablesInitializer,
  placeholder,
  relu,
  resetDefaultGraph,
  trainableVariables,
} from '@tensorloom/graph';
import { CFNCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test("TensorFlow's own tests: 2 units, kernels 0.5, x ones, state 0.1", () => {
  const kernelInitializer = constantInitializer(0.5);
  const small = new CFNCell(2, { kernelInitializer });
  expectClose(stepOf(small, [[1, 1]], filled(2, 0.1))[0], [0.17188203, 0.17188203], 1e-6);
  const wide = new CFNCell(2, { kernelInitializer, name: 'wide' });
  expectClose(stepOf(wide, [[1, 1, 1]], filled(2, 0.1))[0], [0.15535763, 0.15535763], 1e-6);
});

test('the kernels begin as glorot says, whatever the variable scope does, the bias at one', () => {
  const cell = new CFNCell(2, { activation: relu });
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
  const cell = new CFNCell(3);
  expect([cell.stateSize, cell.outputSize]).toEqual([3, 3]);
  dynamicRnn(cell, placeholder('float32', [null, 4, 5]), { dtype: 'float32' });
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    ['rnn/cfn_cell/kernel', [5, 9]],
    ['rnn/cfn_cell/recurrent_kernel', [3, 6]],
    ['rnn/cfn_cell/bias', [6]],
  ]);
});

test('gradients through time', () => checkBptt(() => new CFNCell(2)));

test('errors', () => {
  expect(() => new CFNCell(0)).toThrow('CFNCell: expected a positive number of units, got 0.');
  const cell = new CFNCell(2);
  expect(() => cell.call(placeholder('float32', [2, null]), filled(2, 0))).toThrow(
    /^CFNCell: expected an input of shape \[batch, depth\]/,
  );
});
