import { reference } from '@tensorloom/backend-reference';
import {
  type Node,
  type Tensor,
  type Variable,
  constant,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  unstack,
  variable,
} from '@tensorloom/graph';
import { BasicLSTMCell, GRUCell, staticRnn, staticStateSavingRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { expectClose } from '../support.js';

beforeEach(() => resetDefaultGraph());

/** Keeps states in variables. */
function saver(names: Readonly<Record<string, number>>): {
  variables: Readonly<Record<string, Variable>>;
  state: (name: string) => Tensor;
  saveState: (name: string, value: Tensor) => Tensor | Node;
} {
  const variables = Object.fromEntries(
    Object.entries(names).map(([name, units]) => [
      name,
      variable(constant(0, { shape: [2, units] }), { name, trainable: false }),
    ]),
  );
  return {
    variables,
    state: (name) => variables[name].value(),
    saveState: (name, value) => variables[name].assign(value),
  };
}

test('runs one after the other go on where the one before ended: as one run over all steps', () => {
  const x = Array.from({ length: 24 }, (_, i) => Math.sin(i));
  const all = constant(x, { shape: [2, 6, 2] });
  const X = placeholder('float32', [2, 3, 2]);
  const cell = new BasicLSTMCell(3);
  const kept = saver({ c: 3, h: 3 });
  const [outputs, state] = staticStateSavingRnn(cell, unstack(X, { axis: 1 }), kept, { c: 'c', h: 'h' });
  const [whole, end] = staticRnn(cell, unstack(all, { axis: 1 }), { dtype: 'float32', scope: 'rnn' });
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const half = (i: number) => ({
    shape: [2, 3, 2],
    data: Float32Array.from([...x.slice(6 * i, 6 * i + 6), ...x.slice(12 + 6 * i, 18 + 6 * i)]),
  });
  const last = outputs[outputs.length - 1];
  const first = session.runSync(last, [[X, half(0)]]);
  const second = session.runSync([last, state.h], [[X, half(1)]]);
  const expected = session.runSync([whole[2], whole[5], end.h, end.c]);
  expectClose(first.toArray(), expected[0].toArray(), 1e-6);
  expectClose(second[0].toArray(), expected[1].toArray(), 1e-6);
  expectClose(second[1].toArray(), expected[2].toArray(), 1e-6);
  expectClose(session.runSync(kept.variables.c).toArray(), expected[3].toArray(), 1e-6);
  session.close();
});

test('names must be those of the state', () => {
  const kept = saver({ h: 2 });
  expect(() => staticStateSavingRnn(new BasicLSTMCell(2), [constant([[1, 2]])], kept, 'h')).toThrow(
    /^staticStateSavingRnn: expected a name for each of the 2 parts of the cell's state, got 1/,
  );
  expect(() => staticStateSavingRnn(new GRUCell(2), [constant([[1, 2], [3, 4]])], kept, 'h')).not.toThrow(); // prettier-ignore
});
