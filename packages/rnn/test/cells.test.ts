import { gradients } from '@tensorloom/autodiff';
import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Structure,
  type Tensor,
  add,
  constant,
  globalVariablesInitializer,
  placeholder,
  reduceSum,
  relu,
  resetDefaultGraph,
  setRandomSeed,
  sigmoid,
  stack,
  trainableVariables,
  unstack,
} from '@tensorloom/graph';
import {
  BasicLSTMCell,
  BasicRNNCell,
  type Cell,
  DropoutWrapper,
  GRUCell,
  LSTMCell,
  MultiRNNCell,
  OutputProjectionWrapper,
  dynamicRnn,
  flatState,
  staticRnn,
} from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/cells.json' with { type: 'json' };
import { expectClose } from './support.js';

beforeEach(() => resetDefaultGraph());

const cells: Record<keyof typeof golden.cells, () => Cell> = {
  BasicRNNCell: () => new BasicRNNCell(3),
  'BasicRNNCell relu': () => new BasicRNNCell(3, { activation: relu }),
  BasicLSTMCell: () => new BasicLSTMCell(3),
  'BasicLSTMCell forget bias': () => new BasicLSTMCell(3, { forgetBias: 0.3, activation: relu }),
  LSTMCell: () => new LSTMCell(3),
  'LSTMCell peepholes': () => new LSTMCell(3, { usePeepholes: true }),
  'LSTMCell clip': () => new LSTMCell(3, { usePeepholes: true, cellClip: 0.2 }),
  'LSTMCell projection': () => new LSTMCell(3, { numProj: 2 }),
  'LSTMCell projection clip': () =>
    new LSTMCell(3, { usePeepholes: true, numProj: 2, projClip: 0.05, forgetBias: 0.5 }),
  GRUCell: () => new GRUCell(3),
  'GRUCell relu': () => new GRUCell(3, { activation: relu }),
  MultiRNNCell: () => new MultiRNNCell([new BasicLSTMCell(3), new GRUCell(2)]),
  'MultiRNNCell nested': () =>
    new MultiRNNCell([new MultiRNNCell([new GRUCell(2), new BasicRNNCell(3)]), new LSTMCell(2, { numProj: 1 })]),
  OutputProjectionWrapper: () => new OutputProjectionWrapper(new BasicRNNCell(3), 2),
  'OutputProjectionWrapper sigmoid': () =>
    new MultiRNNCell([new OutputProjectionWrapper(new BasicLSTMCell(2), 3, { activation: sigmoid }), new GRUCell(2)]),
  'DropoutWrapper keeping all': () => new DropoutWrapper(new LSTMCell(3), { inputKeepProb: 0.9999999, seed: 5 }),
};

const linspace = (n: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => (n === 1 ? -0.5 : i / (n - 1) - 0.5));

/** Sets all trainable variables to numbers from -.5 to .5. */
function setLinspace(session: Session): void {
  session.runSync(globalVariablesInitializer());
  const values = trainableVariables().map((v) => linspace(v.shape.reduce((a, b) => a * b, 1)));
  for (const [i, v] of trainableVariables().entries()) {
    const value = placeholder('float32', v.shape);
    session.runSync(v.assign(value), [[value, new NDArray('float32', v.shape, values[i])]]);
  }
}

type Driver = (cell: Cell, x: Tensor) => [Tensor, Structure];
const drivers: Record<string, Driver> = {
  dynamicRnn: (cell, x) => dynamicRnn(cell, x, { dtype: 'float32', sequenceLength: golden.sequenceLength }),
  staticRnn: (cell, x) => {
    const options = { dtype: 'float32' as const, sequenceLength: golden.sequenceLength };
    const [outputs, state] = staticRnn(cell, unstack(x, { axis: 1 }), options);
    return [stack(outputs, { axis: 1 }), state];
  },
};
const backends = { reference: reference(), cpu: createCpu() };

const flat = (x: unknown): number[] =>
  typeof x === 'number'
    ? [x]
    : Object.entries(x ?? {})
        .sort(([a], [b]) => (Number.isNaN(Number(a)) ? (a < b ? -1 : 1) : Number(a) - Number(b)))
        .flatMap(([, part]) => flat(part));

describe.each(Object.keys(drivers))('%s', (driver) => {
  describe.each(Object.entries(golden.cells))('%s', (name, expected) => {
    test.each(Object.entries(backends))("TensorFlow's outputs, states and gradients, on %s", (_, backend) => {
      const X = placeholder('float32', [3, 4, 2], { name: 'X' });
      const [outputs, state] = drivers[driver](cells[name as keyof typeof cells](), X);
      const states = flatState(state);
      const loss = states.reduce((sum, s) => add(sum, reduceSum(s)), reduceSum(outputs.square()));
      const variables = trainableVariables();
      expect(Object.fromEntries(variables.map((v) => [v.op, [...v.shape]]))).toEqual(expected.variables);
      const found = gradients(loss, [X, ...variables]).filter((g) => g !== null);
      const session = new Session({ backend });
      setLinspace(session);
      const feeds = [[X, golden.X]] as const;
      expectClose(session.runSync(outputs, feeds).toArray(), expected.outputs);
      expectClose(
        session.runSync(states, feeds).flatMap((s) => Array.from(s.data)),
        flat(expected.state),
      );
      expectClose(session.runSync(loss, feeds).item(), expected.loss, 2e-5);
      const wanted = new Map<string, unknown>(Object.entries(expected.gradients));
      session.runSync(found, feeds).forEach((g, i) => {
        expectClose(Array.from(g.data), flat(wanted.get(i === 0 ? 'X' : variables[i - 1].op)), 2e-5);
      });
      session.close();
    });
  });
});

describe('DropoutWrapper draws the masks that TensorFlow draws', () => {
  const range = (low: number, high: number): NDArray =>
    new NDArray(
      'float32',
      [4, 3],
      Float32Array.from({ length: 12 }, (_, i) => low + ((high - low) * i) / 11),
    );
  const options = { inputKeepProb: 0.5, outputKeepProb: 0.6, stateKeepProb: 0.7, seed: 9 };

  test.each([
    ['each step anew', options, golden.dropout.all],
    [
      'once for all steps',
      { ...options, variationalRecurrent: true, inputSize: 3, dtype: 'float32' as const },
      golden.dropout.variational,
    ],
  ])('%s', (_, chosen, expected) => {
    setRandomSeed(42);
    const cell = new DropoutWrapper(new BasicLSTMCell(3), chosen);
    const state = { c: constant(range(0.1, 1)), h: constant(range(-1, -0.1)) };
    const [output, { c, h }] = cell.call(constant(range(-1, 1)), state);
    const session = new Session({ backend: reference() });
    setLinspace(session);
    const got = session.runSync({ output, c, h });
    for (const key of ['output', 'c', 'h'] as const) expectClose(got[key].toArray(), expected[key]);
    session.close();
  });
});
