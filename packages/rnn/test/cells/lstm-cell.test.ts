import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  constant,
  constantInitializer,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  variableScope,
} from '@tensorloom/graph';
import { DropoutWrapper, LSTMCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

const state = (n: number, outputs = n) => ({ c: filled(n, 0.1), h: filled(outputs, 0.1) });

test("TensorFlow's own tests: peepholes; projection and its clipping", () => {
  const [h, c] = stepOf(new LSTMCell(2, { usePeepholes: true }), [[1, 1]], state(2));
  expectClose([h[0], c[0]], [0.48816428, 0.69755453], 1e-6);
  const projected = stepOf(new LSTMCell(3, { name: 'projected', numProj: 2, projClip: 0.25 }), [[1, 1]], state(3, 2));
  expectClose([projected[0], projected[1]], [0.25, 0.25, 0.68967271, 0.68967271, 0.68967271], 1e-6);
});

test("TensorFlow's own test: under dropout that keeps all, two steps of x = 2 and 1", () => {
  const x = placeholder('float32', [2, 1, 3]);
  const cell = new DropoutWrapper(new LSTMCell(3), { inputKeepProb: 1, outputKeepProb: 1, stateKeepProb: 1 });
  const [outputs, { c }] = variableScope('root', { initializer: constantInitializer(0.5) }, () =>
    dynamicRnn(cell, x, { timeMajor: true, initialState: state(3) }),
  );
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const fed = new NDArray('float32', [2, 1, 3], Float32Array.of(2, 2, 2, 1, 1, 1));
  const got = session.runSync({ outputs, c }, [[x, fed]]);
  expectClose(got.outputs.toArray(), [0.751109, 0.751109, 0.751109, 0.895509, 0.895509, 0.895509], 1e-6);
  expectClose(got.c.toArray(), [1.949385, 1.949385, 1.949385], 2e-6);
  session.close();
});

test.each([
  ['plain', {}],
  ['peepholes', { usePeepholes: true }],
  ['projection', { usePeepholes: true, numProj: 1, forgetBias: 0.5 }],
  // Far enough not to be a kink.
  ['clipping', { cellClip: 50, numProj: 2, projClip: 50 }],
])('gradients through time: %s', (_, options) => checkBptt(() => new LSTMCell(2, options)));

test('clipping keeps the memory and the output within bounds', () => {
  const far = { c: constant([[9, -9]]), h: filled(2, 0) };
  const [, c] = stepOf(new LSTMCell(2, { cellClip: 0.3 }), [[0, 0]], far);
  expectClose(c, [0.3, -0.3], 1e-7);
});

test('sizes and errors', () => {
  const cell = new LSTMCell(3, { numProj: 2 });
  expect([cell.outputSize, cell.stateSize]).toEqual([2, { c: 3, h: 2 }]);
  expect(() => new LSTMCell(0)).toThrow('LSTMCell: expected a positive number of units, got 0.');
  expect(() => new LSTMCell(3, { numProj: 0 })).toThrow('expected a positive number of projected outputs, got 0.');
});
