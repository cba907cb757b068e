import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Structure,
  type Tensor,
  ones,
  placeholder,
  resetDefaultGraph,
  setRandomSeed,
  stack,
  unstack,
} from '@tensorloom/graph';
import {
  type Cell,
  DropoutWrapper,
  MultiRNNCell,
  OutputProjectionWrapper,
  TensorShape,
  dynamicRnn,
  flatState,
  staticRnn,
  zeroStateOf,
} from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkBptt, expectClose } from './support.js';

beforeEach(() => {
  resetDefaultGraph();
  setRandomSeed(1);
});

type Sum = Readonly<Record<'sum', Tensor>>;

/** The sum of images [height, width, channels] so far; gives its square. */
const summing = (...dims: number[]): Cell<Sum> => {
  const stateSize = { sum: new TensorShape(dims) };
  return {
    stateSize,
    outputSize: stateSize.sum,
    zeroState: (batch, dtype) => zeroStateOf(stateSize, batch, dtype) as Sum,
    call: (x, state) => {
      const sum = state.sum.add(x);
      return [sum.square(), { sum }];
    },
  };
};

type Driver = <S extends Structure>(cell: Cell<S>, x: Tensor, sequenceLength?: number[]) => [Tensor, S];
const drivers: readonly (readonly [string, Driver])[] = [
  [
    'dynamicRnn',
    (cell, x, sequenceLength) => dynamicRnn(cell, x, { dtype: 'float64', ...(sequenceLength && { sequenceLength }) }),
  ],
  [
    'staticRnn',
    (cell, x, sequenceLength) => {
      const options = { dtype: 'float64' as const, ...(sequenceLength && { sequenceLength }) };
      const [outputs, state] = staticRnn(cell, unstack(x, { axis: 1 }), options);
      return [stack(outputs, { axis: 1 }), state];
    },
  ],
];

test('zeros of shapes and of numbers of units, for a batch that is known or fed', () => {
  const sizes = [{ c: new TensorShape([2, 3]), h: 4 }, new TensorShape([])];
  expect(flatState(zeroStateOf(sizes, 5, 'float32')).map((t) => t.shape)).toEqual([[5, 2, 3], [5, 4], [5]]);
  const fed = flatState(zeroStateOf(sizes, placeholder('int32', []), 'float32'));
  expect(fed.map((t) => t.shape)).toEqual([[null, 2, 3], [null, 4], [null]]);
});

describe.each(drivers)('%s', (_, drive) => {
  test('inputs, states and outputs of rank 4, with lengths, for a batch that is fed', () => {
    const X = placeholder('float64', [null, 3, 2, 1, 2]);
    const x = new NDArray(
      'float64',
      [2, 3, 2, 1, 2],
      Float64Array.from({ length: 24 }, (__, i) => i),
    );
    const [outputs, state] = drive(summing(2, 1, 2), X, [1, 3]);
    // The lengths tell the batch, where they are constant.
    expect([outputs.shape, state.sum.shape].map((shape) => shape?.slice(1))).toEqual([
      [3, 2, 1, 2],
      [2, 1, 2],
    ]);
    const session = new Session({ backend: reference() });
    const r = session.runSync({ outputs, state }, [[X, x]]);
    session.close();
    // The first row has one step, 0 1 2 3; the second three, from 12, 16 and 20 on.
    const rows = [
      [0, 1, 2, 3],
      [12, 13, 14, 15],
      [28, 30, 32, 34],
      [48, 51, 54, 57],
    ];
    const squares = (row: number[]) => row.map((v) => v * v);
    const zeros = [0, 0, 0, 0];
    expectClose(r.state.sum.toArray(), [rows[0], rows[3]], 0);
    expectClose(r.outputs.toArray(), [squares(rows[0]), zeros, zeros, ...rows.slice(1).map(squares)], 0);
  });

  test('wrappers of cells with shapes', () => {
    const cell = new DropoutWrapper(new MultiRNNCell([summing(2, 2), summing(2, 2)]), { outputKeepProb: 0.5 });
    expect([cell.stateSize, cell.outputSize]).toEqual([
      [{ sum: new TensorShape([2, 2]) }, { sum: new TensorShape([2, 2]) }],
      new TensorShape([2, 2]),
    ]);
    const [outputs] = drive(cell, ones([3, 4, 2, 2], { dtype: 'float64' }));
    expect(outputs.shape).toEqual([3, 4, 2, 2]);
  });
});

test('one mask for all steps has the shape of what it drops', () => {
  const cell = new DropoutWrapper(summing(5, 5), {
    inputKeepProb: 0.5,
    variationalRecurrent: true,
    inputSize: new TensorShape([5, 5]),
    dtype: 'float64',
  });
  const [, { sum }] = dynamicRnn(cell, ones([2, 3, 5, 5], { dtype: 'float64' }), { dtype: 'float64' });
  const session = new Session({ backend: reference() });
  // What is kept is doubled at each of the three steps; what is dropped is dropped at all of them, for all rows.
  const rows = session.runSync(sum).toArray() as number[][][];
  session.close();
  expect([...new Set(rows.flat(2))].sort()).toEqual([0, 6]);
  expect(rows[0]).toEqual(rows[1]);
});

test('gradients through time', () => checkBptt(() => summing(2)));

test('errors', () => {
  expect(() => new TensorShape([2, 0])).toThrow(
    'TensorShape: expected positive integers, got [2,0]. Leave out the batch.',
  );
  expect(() => new OutputProjectionWrapper(summing(2, 3), 1)).toThrow(
    "OutputProjectionWrapper: expected a cell whose outputSize is a number of units, got the shape [2,3]. Flatten the cell's output.",
  );
});
