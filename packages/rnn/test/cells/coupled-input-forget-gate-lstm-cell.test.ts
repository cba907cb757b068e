import { resetDefaultGraph } from '@tensorloom/graph';
import { CoupledInputForgetGateLSTMCell } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test.each([
  [1, 0.121753, 0.137523],
  [2, 0.103349, 0.10545],
  [3, 0.100178, 0.100742],
])("TensorFlow's own test: 2 units, kernel 0.5, x = %i, states 0.1", (x, h, c) => {
  const state = { c: filled(2, 0.1), h: filled(2, 0.1) };
  const [output, nextC, nextH] = stepOf(new CoupledInputForgetGateLSTMCell(2), [[x, x, x, x]], state);
  expectClose(output, [h, h], 1e-6);
  expectClose(nextC, [c, c], 1e-6);
  expectClose(nextH, [h, h], 1e-6);
});

test('gradients through time', () => {
  checkBptt(() => new CoupledInputForgetGateLSTMCell(2, { usePeepholes: true }));
  checkBptt(() => new CoupledInputForgetGateLSTMCell(3, { layerNorm: true }), 2, 1);
  checkBptt(() => new CoupledInputForgetGateLSTMCell(2, { numProj: 3, forgetBias: 0 }), 2, 1);
});

test('errors', () => {
  expect(() => new CoupledInputForgetGateLSTMCell(0)).toThrow(/expected a positive number of units, got 0/);
  expect(() => new CoupledInputForgetGateLSTMCell(2, { numProj: 0.5 })).toThrow(/projected outputs, got 0.5/);
  expect(() => new CoupledInputForgetGateLSTMCell(2).call(filled(2, 1), { c: filled(2, 0) } as never)).toThrow(
    /expected a state \{ c, h \}/,
  );
});
