import { constant, placeholder, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { BasicLSTMCell, GRUCell, ResidualWrapper, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

// As testResidualWrapper of TensorFlow's rnn_cell tests does: the output is the base cell's plus the input.
test('adds the input to the output, and nothing to the state', () => {
  const x = [[0.1, -0.2, 0.3]];
  const [base, baseState] = stepOf(new GRUCell(3), x, filled(3, 0.1));
  resetDefaultGraph();
  const [output, state] = stepOf(new ResidualWrapper(new GRUCell(3)), x, filled(3, 0.1));
  expectClose(
    output,
    base.map((v, i) => v + x[0][i]),
    1e-6,
  );
  expectClose(state, baseState, 1e-6);
});

test('joins them otherwise with a residualFn, and adds no scope', () => {
  const cell = new ResidualWrapper(new GRUCell(2), { residualFn: (x, y) => x.sub(y) });
  dynamicRnn(cell, placeholder('float32', [1, 4, 2]), { dtype: 'float32' });
  expect(trainableVariables()[0].op).toBe('rnn/gru_cell/gates/kernel');
  expect([cell.stateSize, cell.outputSize]).toEqual([2, 2]);
});

test('gradients through time', () => checkBptt(() => new ResidualWrapper(new BasicLSTMCell(2))));

test('an input of another depth than the output is an error', () => {
  expect(() => new ResidualWrapper(new GRUCell(2)).call(constant([[1, 2, 3]]), filled(2, 0))).toThrow(
    /^ResidualWrapper: expected an input of the output's shape, got float32\[1,3\] and float32\[1,2\]/,
  );
});
