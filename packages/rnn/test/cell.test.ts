import { reference } from '@tensorloom/backend-reference';
import {
  type DType,
  type Tensor,
  TensorArray,
  dimOf,
  globalVariablesInitializer,
  ones,
  placeholder,
  resetDefaultGraph,
  setRandomSeed,
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
  type LSTMState,
  MultiRNNCell,
  OutputProjectionWrapper,
  dynamicRnn,
  flatState,
  staticRnn,
  zeroStateOf,
} from '@tensorloom/rnn';
import { type Feeds, type Fetch, Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import { expectClose } from './support.js';

beforeEach(() => {
  resetDefaultGraph();
  setRandomSeed(1);
});

function run<const F extends Fetch>(fetches: F, feeds: Feeds = []) {
  const session = new Session({ backend: reference() });
  try {
    session.runSync(globalVariablesInitializer());
    return session.runSync(fetches, feeds);
  } finally {
    session.close();
  }
}

/** A cell of one's own that begins with ones, and adds up what it reads. */
const adding = (n: number): Cell<{ sum: Tensor }> => ({
  stateSize: { sum: n },
  outputSize: n,
  zeroState: (batch, dtype) => ({ sum: ones([batch, n], { dtype }) }),
  call: (input, { sum }) => [sum.add(input), { sum: sum.add(input) }],
});

test('zeros in the structure of the sizes, for a batch that is known or fed', () => {
  const sizes = [{ c: 2, h: 3 }, [4]];
  const known = flatState(zeroStateOf(sizes, 5, 'float64'));
  expect(known.map((t) => [t.dtype, t.shape])).toEqual([2, 3, 4].map((n) => ['float64', [5, n]]));
  const batch = placeholder('int32', []);
  const fed = flatState(zeroStateOf(sizes, batch, 'float32'));
  expect(run(fed, [[batch, 3]]).map((v) => v.shape)).toEqual([2, 3, 4].map((n) => [3, n]));
});

type Layers = [LSTMState, [Tensor, LSTMState]];

const layered = (): Cell<Layers> =>
  new DropoutWrapper(
    new OutputProjectionWrapper(
      new MultiRNNCell<Layers>([
        new BasicLSTMCell(2),
        new MultiRNNCell<[Tensor, LSTMState]>([new GRUCell(3), new LSTMCell(4, { numProj: 1 })]),
      ]),
      2,
    ),
    { inputKeepProb: 1 },
  );

describe.each(['dynamicRnn', 'staticRnn'])('%s', (driver) => {
  const drive = <S extends Layers>(
    cell: Cell<S>,
    x: Tensor,
    options: { initialState?: S; dtype?: DType; sequenceLength?: number[] },
  ): [Tensor, S] => {
    if (driver === 'dynamicRnn') return dynamicRnn(cell, x, options);
    const [outputs, state] = staticRnn(cell, unstack(x, { axis: 1 }), options);
    return [stack(outputs, { axis: 1 }), state];
  };

  test('nested states are fed, pass rows without steps, and come back in their structure', () => {
    const part = (n: number): Tensor => placeholder('float32', [null, n]);
    const initialState: Layers = [{ c: part(2), h: part(2) }, [part(3), { c: part(4), h: part(1) }]];
    const X = placeholder('float32', [null, 2, 2]);
    const [outputs, state] = drive(layered(), X, { initialState, sequenceLength: [0, 2] });
    const start = [
      {
        c: [
          [1, 2],
          [3, 4],
        ],
        h: [
          [5, 6],
          [7, 8],
        ],
      },
      [
        [
          [9, 10, 11],
          [12, 13, 14],
        ],
        {
          c: [
            [1, 1, 1, 1],
            [2, 2, 2, 2],
          ],
          h: [[0.5], [0.25]],
        },
      ],
    ] as const;
    const x = [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ];
    const r = run({ outputs, state }, [
      [X, x],
      [initialState, start],
    ]);
    const [{ c, h }, [gru, top]] = r.state;
    expect([c, h, gru, top.c, top.h].map((v) => v.toArray())).toEqual([
      [[1, 2], expect.anything()],
      [[5, 6], expect.anything()],
      [[9, 10, 11], expect.anything()],
      [[1, 1, 1, 1], expect.anything()],
      [[0.5], expect.anything()],
    ]);
    expect(c.get(1, 0)).not.toBe(3);
    expect([0, 1].map((t) => r.outputs.get(0, t, 0))).toEqual([0, 0]);
    expect(r.outputs.get(1, 1, 0)).not.toBe(0);
  });

  test('going on from a final state is going through at once', () => {
    const cell = layered();
    const X = placeholder('float32', [2, 4, 2]);
    const steps = unstack(X, { axis: 1 });
    const part = (from: number, to: number): Tensor => stack(steps.slice(from, to), { axis: 1 });
    const [whole, end] = drive(cell, X, { dtype: 'float32' });
    const [first, middle] = drive(cell, part(0, 1), { dtype: 'float32' });
    const [rest, last] = drive(cell, part(1, 4), { initialState: middle });
    const x = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
    const r = run({ whole, first, rest, end: flatState(end), last: flatState(last) }, [
      [X, { shape: [2, 4, 2], data: x }],
    ]);
    const rows = (v: typeof r.whole): number[][][] => v.toArray() as number[][][];
    const joined = rows(r.first).map((row, i) => [...row, ...rows(r.rest)[i]]);
    expectClose(joined, r.whole.toArray(), 1e-6);
    r.last.forEach((v, i) => expectClose(v.toArray(), r.end[i].toArray(), 1e-6));
  });
});

test("wrappers begin with their cells' own states", () => {
  const cell = new OutputProjectionWrapper(new MultiRNNCell([adding(2), new DropoutWrapper(adding(2))]), 1);
  const [, [first, second]] = dynamicRnn(cell, ones([1, 3, 2]), { dtype: 'float32' });
  const r = run({ first, second });
  expect(r.first.sum.toArray()).toEqual([[4, 4]]);
  // 1, then what the first gives: 2, 3 and 4.
  expect(r.second.sum.toArray()).toEqual([[10, 10]]);
});

test('later calls share the variables, wherever they are; a second cell of the name is refused', () => {
  const x = ones([2, 3, 2]);
  const cell = new MultiRNNCell([new BasicLSTMCell(2), new OutputProjectionWrapper(new BasicRNNCell(3), 2)]);
  const [a] = dynamicRnn(cell, x, { dtype: 'float32', sequenceLength: [2, 3] });
  const made = trainableVariables();
  const [b] = dynamicRnn(cell, x, { dtype: 'float32', scope: 'again', sequenceLength: [2, 3] });
  const [c] = staticRnn(cell, unstack(x, { axis: 1 }), { dtype: 'float32', sequenceLength: [2, 3] });
  expect(trainableVariables()).toEqual(made);
  expect(made).toHaveLength(6);
  const r = run({ a, b, c: stack(c, { axis: 1 }) });
  expect(r.b.toArray()).toEqual(r.a.toArray());
  expectClose(r.c.toArray(), r.a.toArray(), 1e-6);
  expect(() => dynamicRnn(new MultiRNNCell([new BasicLSTMCell(2)]), x, { dtype: 'float32' })).toThrow(
    /variable 'rnn\/multi_rnn_cell\/cell_0\/basic_lstm_cell\/kernel' exists already .*\(a second cell needs its own variableScope/,
  );
});

test('a state of another structure is named', () => {
  const anyCell: Cell = new BasicLSTMCell(2);
  expect(() => dynamicRnn(anyCell, ones([1, 3, 2]), { initialState: ones([1, 2]) })).toThrow(
    /^BasicLSTMCell: expected a state \{ c, h \}, got \* \(\* is a tensor\)/,
  );
  const top: Cell = new LSTMCell(2);
  expect(() => top.call(ones([1, 2]), [ones([1, 2]), ones([1, 2])])).toThrow(
    /^LSTMCell: expected a state \{ c, h \}, got \[\*, \*\]/,
  );
});

test('a state of arrays, or of sizes that only a run knows, is named where it does not fit', () => {
  const array = new TensorArray('float32', 2);
  expect(() => flatState({ h: ones([1, 2]), history: array })).toThrow(
    /^state: expected a state of tensors, got one that holds a TensorArray, .* Run it by dynamicDecode or whileLoop/,
  );
  expect(() => zeroStateOf([2, dimOf(placeholder('float32', [null, 3]), 0)], 1, 'float32')).toThrow(
    /^stateSize: expected sizes that are known, got one that only a run knows\. Use zeroState\(\)/,
  );
});
