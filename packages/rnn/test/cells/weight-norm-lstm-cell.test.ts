import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  constant,
  constantInitializer,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  trainableVariables,
} from '@tensorloom/graph';
import { WeightNormLSTMCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

test.each([
  { norm: false, usePeepholes: false, c: [0.65937078, 0.74983585], h: [0.44923624, 0.49362513] },
  { norm: false, usePeepholes: true, c: [0.65937084, 0.7574988], h: [0.4792085, 0.53470564] },
  { norm: true, usePeepholes: false, c: [0.50125383, 0.58805949], h: [0.32770363, 0.37397948] },
  { norm: true, usePeepholes: true, c: [0.50125383, 0.59587258], h: [0.35041603, 0.40873795] },
])("TensorFlow's own test, norm $norm, peepholes $usePeepholes", ({ c, h, ...options }) => {
  const state = { c: constant([[0, 0.1]]), h: constant([[0.2, 0.3]]) };
  const [output, ...after] = stepOf(new WeightNormLSTMCell(2, options), [[1, 1]], state);
  expectClose(after, [c, h], 1e-6);
  expect(output).toEqual(after[1]);
});

test('directions only: the length of a column of the kernel makes no difference', () => {
  const cell = new WeightNormLSTMCell(2, { numProj: 1, initializer: constantInitializer(0.3) });
  const [outputs] = dynamicRnn(
    cell,
    constant([
      [
        [1, -1],
        [2, 0.5],
      ],
    ]),
    { dtype: 'float32' },
  );
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const before = session.runSync(outputs).toArray();
  for (const v of trainableVariables().filter(({ op }) => op.endsWith('kernel')))
    session.runSync(v.assign(v.mul(constant(new NDArray('float32', [1], Float32Array.of(7))))));
  expectClose(session.runSync(outputs).toArray(), before, 1e-6);
  session.close();
});

test('names, in the order of TensorFlow, and sizes', () => {
  const cell = new WeightNormLSTMCell(3, { usePeepholes: true, numProj: 2 });
  expect([cell.stateSize, cell.outputSize]).toEqual([{ c: 3, h: 2 }, 2]);
  dynamicRnn(cell, placeholder('float32', [null, 4, 5]), { dtype: 'float32' });
  expect(trainableVariables().map((v) => [v.op.replace('rnn/weight_norm_lstm_cell/', ''), v.shape])).toEqual([
    ['wn_lstm_cell/kernel', [7, 12]],
    ['wn_lstm_cell/norm_0', [12]],
    ['wn_lstm_cell/norm_1', [12]],
    ['wn_lstm_cell/bias', [12]],
    ['wn_lstm_cell/w_f_diag', [3]],
    ['wn_lstm_cell/w_i_diag', [3]],
    ['wn_lstm_cell/w_o_diag', [3]],
    ['wn_lstm_cell/projection/kernel', [3, 2]],
    ['wn_lstm_cell/projection/norm_0', [2]],
  ]);
});

test('gradients through time', () => checkBptt(() => new WeightNormLSTMCell(2, { usePeepholes: true }), 2, 1));

test('errors', () => {
  expect(() => new WeightNormLSTMCell(0)).toThrow('WeightNormLSTMCell: expected a positive number of units, got 0.');
  expect(() => new WeightNormLSTMCell(2, { numProj: 0 })).toThrow(
    'WeightNormLSTMCell: expected a positive number of projected outputs, got 0.',
  );
  const cell = new WeightNormLSTMCell(2);
  expect(() => cell.call(placeholder('float32', [2, null]), cell.zeroState(2, 'float32'))).toThrow(
    /^WeightNormLSTMCell: expected an input of shape \[batch, depth\]/,
  );
});
