import { resetDefaultGraph, tanh, zeros } from '@tensorloom/graph';
import { IntersectionRNNCell, MultiRNNCell } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

test('one step by hand: kernel 0.5, x = 1, state 0.1', () => {
  const [output, state] = stepOf(new IntersectionRNNCell(2), [[1, 1]], filled(2, 0.1));
  const sum = 0.5 * (1 + 1 + 0.1 + 0.1);
  const gate = sigmoid(sum + 1);
  // relu(sum) is sum.
  expectClose(output, [gate + (1 - gate) * sum, gate + (1 - gate) * sum], 1e-6);
  const next = gate * 0.1 + (1 - gate) * Math.tanh(sum);
  expectClose(state, [next, next], 1e-6);
});

test('a first layer projects its input, those above take it as it is', () => {
  const cell = new MultiRNNCell([new IntersectionRNNCell(3, { numInProj: 3 }), new IntersectionRNNCell(3)]);
  const [output] = stepOf(cell, [[1, 2]], cell.zeroState(1, 'float32'));
  expect(output).toHaveLength(3);
});

test('gradients through time', () => {
  checkBptt(() => new IntersectionRNNCell(2, { yActivation: tanh }));
  checkBptt(() => new IntersectionRNNCell(3, { numInProj: 3, yActivation: tanh, forgetBias: 0 }), 2, 1);
});

test('errors', () => {
  expect(() => new IntersectionRNNCell(0)).toThrow(/expected a positive number of units, got 0/);
  expect(() => new IntersectionRNNCell(3).call(zeros([1, 2]), filled(3, 0))).toThrow(
    /expected an input of depth 3, the number of units, got depth 2\. Pass \{ numInProj: 3 \}/,
  );
});
