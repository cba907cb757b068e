import { reference } from '@tensorloom/backend-reference';
import { constant, globalVariablesInitializer, resetDefaultGraph, setRandomSeed, unstack } from '@tensorloom/graph';
import { BasicRNNCell, staticRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => {
  resetDefaultGraph();
  setRandomSeed(1);
});

test('past the longest length the cell does not run: its inputs may be anything', () => {
  const xs = unstack(
    constant([
      [
        [1, 2],
        [NaN, NaN],
      ],
      [
        [3, 4],
        [NaN, NaN],
      ],
    ]),
    { axis: 1 },
  );
  const [outputs, state] = staticRnn(new BasicRNNCell(2), xs, { dtype: 'float32', sequenceLength: [1, 1] });
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const r = session.runSync({ outputs, state });
  session.close();
  expect(r.outputs[1].toArray()).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(r.state.toArray()).toEqual(r.outputs[0].toArray());
});

test('one set of variables serves all steps', () => {
  const cell = new BasicRNNCell(2);
  staticRnn(
    cell,
    unstack(
      constant([
        [
          [1, 2],
          [3, 4],
        ],
      ]),
      { axis: 1 },
    ),
    { dtype: 'float32' },
  );
  staticRnn(
    cell,
    unstack(
      constant([
        [
          [1, 2],
          [3, 4],
        ],
      ]),
      { axis: 1 },
    ),
    { dtype: 'float32' },
  );
  expect(constant(0).graph.variables.map((v) => v.name)).toEqual([
    'rnn/basic_rnn_cell/kernel:0',
    'rnn/basic_rnn_cell/bias:0',
  ]);
});

test('no input is an error', () => {
  expect(() => staticRnn(new BasicRNNCell(2), [], { dtype: 'float32' })).toThrow(
    'staticRnn: expected at least one input, got none.',
  );
});
