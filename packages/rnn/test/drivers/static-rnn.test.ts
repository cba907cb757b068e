import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  concat,
  constant,
  getVariable,
  globalVariablesInitializer,
  resetDefaultGraph,
  setRandomSeed,
  trainableVariables,
  unstack,
  zeros,
} from '@tensorloom/graph';
import { BasicRNNCell, type Cell, DropoutWrapper, MultiRNNCell, staticRnn } from '@tensorloom/rnn';
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

test('a cell needs no base class: an object that asks for its variables at every step shares them', () => {
  const own: Cell<Tensor> = {
    stateSize: 2,
    outputSize: 2,
    zeroState: (batch, dtype) => zeros([batch, 2], { dtype }),
    call(input, state) {
      const next = state.add(input.matmul(getVariable('weights', [3, 2])));
      return [next, next];
    },
  };
  const x = constant(1, { shape: [4, 3] });
  const [outputs] = staticRnn(own, [x, x, x], { dtype: 'float32' });
  expect(outputs).toHaveLength(3);
  // From 3 inputs to 2 units, then from 2 to 2.
  const narrow: Cell<Tensor> = {
    ...own,
    call: (input, state) => own.call(concat([input, input.slice([0, 0], [-1, 1])], 1), state),
  };
  const deep = new MultiRNNCell([own, new DropoutWrapper(narrow)]);
  const options = { dtype: 'float32', scope: 'deep', sequenceLength: [1, 2, 0, 2] } as const;
  expect(staticRnn(deep, [x, x], options)[0]).toHaveLength(2);
  expect(trainableVariables().map((v) => v.op)).toEqual([
    'rnn/weights',
    'deep/multi_rnn_cell/cell_0/weights',
    'deep/multi_rnn_cell/cell_1/weights',
  ]);
});
