import { placeholder, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { IndRNNCell, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('names and sizes', () => {
  const cell = new IndRNNCell(3);
  expect([cell.stateSize, cell.outputSize]).toEqual([3, 3]);
  dynamicRnn(cell, placeholder('float32', [null, 4, 5]), { dtype: 'float32' });
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    ['rnn/ind_rnn_cell/kernel_w', [5, 3]],
    ['rnn/ind_rnn_cell/kernel_u', [1, 3]],
    ['rnn/ind_rnn_cell/bias', [3]],
  ]);
});

test('gradients through time', () => checkBptt(() => new IndRNNCell(2)));

test('errors', () => {
  expect(() => new IndRNNCell(0)).toThrow('IndRNNCell: expected a positive number of units, got 0.');
  const cell = new IndRNNCell(2);
  expect(() => cell.call(placeholder('float32', [2, null]), cell.zeroState(2, 'float32'))).toThrow(
    /^IndRNNCell: expected an input of shape \[batch, depth\]/,
  );
});
