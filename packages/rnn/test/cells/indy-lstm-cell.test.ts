import { constantInitializer, placeholder, relu, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { IndyLSTMCell, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('names and sizes', () => {
  const cell = new IndyLSTMCell(3);
  expect([cell.stateSize, cell.outputSize]).toEqual([{ c: 3, h: 3 }, 3]);
  dynamicRnn(cell, placeholder('float32', [null, 4, 5]), { dtype: 'float32' });
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    ['rnn/indy_lstm_cell/kernel_w', [5, 12]],
    ['rnn/indy_lstm_cell/kernel_u', [1, 12]],
    ['rnn/indy_lstm_cell/bias', [12]],
  ]);
});

test('gradients through time', () => checkBptt(() => new IndyLSTMCell(2)));

test('options: i, j, f, o = [2, 2, 2 + forgetBias, 2] where the kernel is 0, the biases 2 and h is 0', () => {
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const options = { kernelInitializer: constantInitializer(0), biasInitializer: constantInitializer(2) };
  const [, c, h] = stepOf(new IndyLSTMCell(1, { ...options, forgetBias: -2, activation: relu }), [[1]], {
    c: filled(1, 0.5),
    h: filled(1, 0),
  });
  const memory = 0.5 * 0.5 + sigmoid(2) * 2;
  expectClose([c, h], [memory, memory * sigmoid(2)], 1e-6);
});

test('errors', () => {
  expect(() => new IndyLSTMCell(0)).toThrow('IndyLSTMCell: expected a positive number of units, got 0.');
  const cell = new IndyLSTMCell(2);
  expect(() => cell.call(placeholder('float32', [2, null]), cell.zeroState(2, 'float32'))).toThrow(
    /^IndyLSTMCell: expected an input of shape \[batch, depth\]/,
  );
});
