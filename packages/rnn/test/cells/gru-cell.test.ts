import { constantInitializer, resetDefaultGraph } from '@tensorloom/graph';
import { GRUCell, MultiRNNCell } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test("TensorFlow's own tests: kernels 0.5, states 0.1", () => {
  expectClose(stepOf(new GRUCell(2), [[1, 1]], filled(2, 0.1))[0], [0.175991, 0.175991], 1e-6);
  expectClose(stepOf(new GRUCell(2, { name: 'wide' }), [[1, 1, 1]], filled(2, 0.1))[0], [0.156736, 0.156736], 1e-6);
  const two = new MultiRNNCell([new GRUCell(2), new GRUCell(2)]);
  const [, first, second] = stepOf(two, [[1, 1]], [filled(2, 0.1), filled(2, 0.1)]);
  expectClose([first, second], [0.175991, 0.175991, 0.13248, 0.13248], 1e-6);
});

test('a bias initializer is for all biases', () => {
  const zero = new GRUCell(2, { biasInitializer: constantInitializer(0) });
  const [open] = stepOf(new GRUCell(2, { name: 'open' }), [[1, 1]], filled(2, 0.1));
  expect(stepOf(zero, [[1, 1]], filled(2, 0.1))[0][0]).toBeGreaterThan(open[0]);
});

test('gradients through time', () => checkBptt(() => new GRUCell(2)));

test('errors', () => {
  expect(() => new GRUCell(-1)).toThrow('GRUCell: expected a positive number of units, got -1.');
});
