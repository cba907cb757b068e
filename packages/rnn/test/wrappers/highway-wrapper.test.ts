import { constant, placeholder, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { BasicLSTMCell, GRUCell, HighwayWrapper, dynamicRnn } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

const x = [[1, 1, 1]];

// As testHighwayWrapper of TensorFlow's rnn_cell tests does.
test('with a bias of -100 nothing is carried, with 100 all is', () => {
  const [base] = stepOf(new GRUCell(3), x, filled(3, 0.1));
  for (const [carryBiasInit, expected] of [
    [-100, base],
    [100, x[0]],
  ] as const) {
    resetDefaultGraph();
    const [output] = stepOf(new HighwayWrapper(new GRUCell(3), { carryBiasInit }), x, filled(3, 0.1));
    expectClose(output, expected, 1e-6);
  }
});

test('a transform gate of its own, whose bias starts at the negative', () => {
  const cell = new HighwayWrapper(new GRUCell(2), { coupleCarryTransformGates: false, carryBiasInit: 2 });
  dynamicRnn(cell, placeholder('float32', [1, 2, 2]), { dtype: 'float32' });
  expect(trainableVariables().map((v) => v.op)).toEqual([
    'rnn/gru_cell/gates/kernel',
    'rnn/gru_cell/gates/bias',
    'rnn/gru_cell/candidate/kernel',
    'rnn/gru_cell/candidate/bias',
    'rnn/carry_w',
    'rnn/carry_b',
    'rnn/transform_w',
    'rnn/transform_b',
  ]);
});

test.each([true, false])('gradients through time, coupled: %s', (coupleCarryTransformGates) =>
  checkBptt(() => new HighwayWrapper(new BasicLSTMCell(2), { coupleCarryTransformGates })),
);

test('an input of another depth than the output is an error', () => {
  expect(() => new HighwayWrapper(new GRUCell(2)).call(constant([[1, 2, 3]]), filled(2, 0))).toThrow(
    /^HighwayWrapper: expected an input of the output's shape/,
  );
});
