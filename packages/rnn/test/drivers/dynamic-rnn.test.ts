import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  constant,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  setRandomSeed,
  transpose,
  zeros,
} from '@tensorloom/graph';
import { BasicRNNCell, type Cell, dynamicRnn } from '@tensorloom/rnn';
import { type Feeds, type Fetch, Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { expectClose } from '../support.js';

const backend = reference();

beforeEach(() => {
  resetDefaultGraph();
  setRandomSeed(1);
});

function run<const F extends Fetch>(fetches: F, feeds: Feeds = []) {
  const session = new Session({ backend });
  try {
    session.runSync(globalVariablesInitializer());
    return session.runSync(fetches, feeds);
  } finally {
    session.close();
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  }
}

const x = [
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  [
    [-1, 0],
    [0.5, 1],
    [2, -2],
  ],
];

test('time-major inputs give time-major outputs', () => {
  const X = constant(x);
  const cell = new BasicRNNCell(3);
  const [batchMajor, s1] = dynamicRnn(cell, X, { dtype: 'float32' });
  const [timeMajor, s2] = dynamicRnn(cell, transpose(X, [1, 0, 2]), { dtype: 'float32', timeMajor: true });
  const r = run({ batchMajor, timeMajor: transpose(timeMajor, [1, 0, 2]), s1, s2 });
  expect(r.timeMajor.toArray()).toEqual(r.batchMajor.toArray());
  expect(r.s2.toArray()).toEqual(r.s1.toArray());
});

test('the initial state is where it starts; without steps it is the final one', () => {
  const X = placeholder('float32', [2, null, 2]);
  const start = constant([
    [0.1, 0.2, 0.3],
    [0.4, 0.5, 0.6],
  ]);
  const [outputs, state] = dynamicRnn(new BasicRNNCell(3), X, { initialState: start });
  const r = run({ outputs, state, start }, [[X, { shape: [2, 0, 2], data: new Float32Array(0) }]]);
  expect(r.outputs.shape).toEqual([2, 0, 3]);
  expect(r.state.toArray()).toEqual(r.start.toArray());
});

test('unknown batch and time: static shapes keep what is known', () => {
  const X = placeholder('float32', [null, null, 2]);
  const [outputs, state] = dynamicRnn(new BasicRNNCell(3), X, { dtype: 'float32' });
  expect(outputs.shape).toEqual([null, null, 3]);
  expect(state.shape).toEqual([null, 3]);
  expect(run(outputs, [[X, x]]).shape).toEqual([2, 3, 3]);
});

test("a cell of one's own needs no base class", () => {
  const counter: Cell<{ count: Tensor; sum: Tensor }> = {
    stateSize: { count: 1, sum: 2 },
    outputSize: 2,
    zeroState: (batch, dtype) => ({ count: zeros([Number(batch) || 2, 1], { dtype }), sum: zeros([2, 2], { dtype }) }),
    call: (input, { count, sum }) => [sum.add(input), { count: count.add(1), sum: sum.add(input) }],
  };
  const [outputs, state] = dynamicRnn(counter, constant(x), { dtype: 'float32', sequenceLength: [3, 1] });
  const r = run({ outputs, state });
  expect(r.outputs.toArray()).toEqual([
    [
      [1, 2],
      [4, 6],
      [9, 12],
    ],
    [
      [-1, 0],
      [0, 0],
      [0, 0],
    ],
  ]);
  expect(r.state.count.toArray()).toEqual([[3], [1]]);
  expect(r.state.sum.toArray()).toEqual([
    [9, 12],
    [-1, 0],
  ]);
});

test('lengths of zero: no output, the state stays', () => {
  const start = constant([
    [1, 2],
    [3, 4],
  ]);
  const [outputs, state] = dynamicRnn(new BasicRNNCell(2), constant(x), {
    initialState: start,
    sequenceLength: [0, 0],
  });
  const r = run({ outputs, state });
  expectClose(r.outputs.toArray(), zerosOf(2, 3, 2));
  expect(r.state.toArray()).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

const zerosOf = (a: number, b: number, c: number): number[][][] =>
  Array.from({ length: a }, () => Array.from({ length: b }, () => new Array<number>(c).fill(0)));

test.each([[[4, 1]], [[-1, 1]]])('lengths %j are refused when it runs', (sequenceLength) => {
  const [outputs] = dynamicRnn(new BasicRNNCell(2), constant(x), { dtype: 'float32', sequenceLength });
  expect(() => run(outputs)).toThrow(
    new RegExp(
      `^Assert: dynamicRnn: sequenceLength must be between 0 and the number of steps\\. Steps, then lengths: \\[3\\]\\[${sequenceLength.join(' ')}\\]\\n {2}node: .*\\n {2}made at: .*dynamic-rnn\\.test\\.ts:\\d+`,
    ),
  );
});

test('errors: no dtype and no state, unknown depth, lengths of another rank', () => {
  expect(() => dynamicRnn(new BasicRNNCell(2), constant(x))).toThrow(
    "dynamicRnn: expected a dtype or an initialState, got neither. Pass { dtype: 'float32' } to start from zeros.",
  );
  expect(() => dynamicRnn(new BasicRNNCell(2), placeholder('float32', [2, 3, null]), { dtype: 'float32' })).toThrow(
    "dynamicRnn: expected inputs [batch, time, depth] with a known depth, got float32[2,3,?]. Give the placeholder's rank and last dimension.",
  );
  expect(() => dynamicRnn(new BasicRNNCell(2), constant(x), { dtype: 'float32', sequenceLength: [[1, 1]] })).toThrow(
    'dynamicRnn: expected sequenceLength to be int32 [2], got int32[1,2]. Give one length for each sequence.',
  );
});
