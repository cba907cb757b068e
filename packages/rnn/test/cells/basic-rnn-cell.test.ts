import { reference } from '@tensorloom/backend-reference';
import {
  constant,
  constantInitializer,
  globalVariablesInitializer,
  placeholder,
  relu,
  resetDefaultGraph,
  variableScope,
} from '@tensorloom/graph';
import { BasicRNNCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

const step = (cell: BasicRNNCell): number[] => {
  const [, state] = variableScope('root', { initializer: constantInitializer(0.5) }, () =>
    cell.call(constant([[1, 1]]), constant([[0.1, 0.1]])),
  );
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const values = Array.from(session.runSync(state).data);
  session.close();
  return values;
};

test("TensorFlow's own test: kernel 0.5, x = [[1, 1]], state 0.1", () => {
  for (const v of step(new BasicRNNCell(2))) expect(v).toBeCloseTo(0.80049896, 6);
});

test('another activation', () => {
  for (const v of step(new BasicRNNCell(2, { activation: relu }))) expect(v).toBeCloseTo(1.1, 6);
});

test('a second cell in one scope is an error that says so', () => {
  const x = constant([[[1, 2]]]);
  dynamicRnn(new BasicRNNCell(3), x, { dtype: 'float32' });
  let message = '';
  try {
    dynamicRnn(new BasicRNNCell(3), x, { dtype: 'float32' });
  } catch (e) {
    message = (e as Error).message;
  }
  expect(message.replace(/\S*\/(basic-rnn-cell\.test\.ts):\d+:\d+/g, '$1:LINE')).toBe(
    "getVariable: variable 'rnn/basic_rnn_cell/kernel' exists already (made at basic-rnn-cell.test.ts:LINE). Expected a new name in scope 'rnn/basic_rnn_cell'. " +
      'Use another scope or name (a second cell needs its own variableScope), or pass { reuse: true } to share it.\n' +
      "  node:    'rnn/basic_rnn_cell/kernel'\n" +
      '  made at: basic-rnn-cell.test.ts:LINE',
  );
});

test('a second cell in a scope of its own, or sharing on purpose', () => {
  const x = constant([[[1, 2]]]);
  dynamicRnn(new BasicRNNCell(3), x, { dtype: 'float32' });
  dynamicRnn(new BasicRNNCell(3), x, { dtype: 'float32', scope: 'second' });
  dynamicRnn(new BasicRNNCell(3, { reuse: true }), x, { dtype: 'float32' });
  expect(x.graph.variables.map((v) => v.op)).toEqual([
    'rnn/basic_rnn_cell/kernel',
    'rnn/basic_rnn_cell/bias',
    'second/basic_rnn_cell/kernel',
    'second/basic_rnn_cell/bias',
  ]);
});

test('errors: units, inputs', () => {
  expect(() => new BasicRNNCell(0)).toThrow('BasicRNNCell: expected a positive number of units, got 0.');
  expect(() => new BasicRNNCell(3).call(placeholder('float32', [null, null]), constant([[1, 2, 3]]))).toThrow(
    /BasicRNNCell: expected an input of shape \[batch, depth\] with a known depth/,
  );
});
