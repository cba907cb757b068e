import { gradients } from '@tensorloom/autodiff';
import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Structure,
  type Tensor,
  add,
  globalVariablesInitializer,
  placeholder,
  reduceSum,
  relu,
  resetDefaultGraph,
  stack,
  trainableVariables,
  unstack,
} from '@tensorloom/graph';
import {
  BidirectionalGridLSTMCell,
  CFNCell,
  type Cell,
  Conv1DLSTMCell,
  CoupledInputForgetGateLSTMCell,
  Conv2DLSTMCell,
  Conv3DLSTMCell,
  DropoutWrapper,
  GLSTMCell,
  Grid1LSTMCell,
  Grid2BasicRNNCell,
  Grid2GRUCell,
  Grid3LSTMCell,
  GridLSTMCell,
  IndRNNCell,
  IntersectionRNNCell,
  LayerNormBasicLSTMCell,
  NASCell,
  UGRNNCell,
  IndyGRUCell,
  IndyLSTMCell,
  MinimalRNNCell,
  MultiRNNCell,
  OutputProjectionWrapper,
  SRUCell,
  TimeFreqLSTMCell,
  WeightNormLSTMCell,
  dynamicRnn,
  flatState,
  staticRnn,
} from '@tensorloom/rnn';
import { type Backend, Session } from '@tensorloom/runtime';
import { expect, test } from 'vitest';
import { expectClose } from './support.js';

const BATCH = 3;
const STEPS = 4;
const LENGTHS = [4, 0, 2];

/** A cell, and the shape of what it reads at a step. */
type Case = readonly [name: string, cell: () => Cell, shape: readonly number[]];

const windows = { featureSize: 2, frequencySkip: 1, numFrequencyBlocks: [2] };
const cases: readonly Case[] = [
  ['IndRNNCell', () => new IndRNNCell(3), [2]],
  ['IndyGRUCell', () => new IndyGRUCell(3), [2]],
  ['IndyLSTMCell', () => new IndyLSTMCell(3), [2]],
  ['MinimalRNNCell', () => new MinimalRNNCell(3), [2]],
  ['CFNCell', () => new CFNCell(3), [2]],
  ['GLSTMCell', () => new GLSTMCell(4, { numberOfGroups: 2, numProj: 2 }), [2]],
  ['WeightNormLSTMCell', () => new WeightNormLSTMCell(3, { numProj: 2 }), [2]],
  ['SRUCell', () => new SRUCell(3), [2]],
  ['UGRNNCell', () => new UGRNNCell(3), [2]],
  ['IntersectionRNNCell', () => new IntersectionRNNCell(3, { numInProj: 3 }), [2]],
  ['NASCell', () => new NASCell(3, { numProj: 2 }), [2]],
  ['LayerNormBasicLSTMCell', () => new LayerNormBasicLSTMCell(3), [2]],
  ['CoupledInputForgetGateLSTMCell', () => new CoupledInputForgetGateLSTMCell(3, { usePeepholes: true }), [2]],
  ['Conv1DLSTMCell', () => new Conv1DLSTMCell([4, 2], 2, [3]), [4, 2]],
  ['Conv2DLSTMCell', () => new Conv2DLSTMCell([3, 2, 2], 2, [2, 3]), [3, 2, 2]],
  ['Conv3DLSTMCell', () => new Conv3DLSTMCell([2, 2, 1, 1], 1, [2, 2, 1], { skipConnection: true }), [2, 2, 1, 1]],
  ['GridLSTMCell', () => new GridLSTMCell(2, { ...windows, usePeepholes: true }), [3]],
  ['BidirectionalGridLSTMCell', () => new BidirectionalGridLSTMCell(2, { ...windows, cellClip: 0.3 }), [3]],
  ['TimeFreqLSTMCell', () => new TimeFreqLSTMCell(2, { featureSize: 2, inputSize: 3 }), [3]],
  ['Grid1LSTMCell', () => new Grid1LSTMCell(2, { usePeepholes: true }), [3]],
  ['Grid2BasicRNNCell', () => new Grid2BasicRNNCell(2, { tied: true }), [3]],
  ['Grid2GRUCell', () => new Grid2GRUCell(2, { nonRecurrentFn: relu }), [3]],
  ['Grid3LSTMCell', () => new Grid3LSTMCell(2), [3]],
  [
    'layers of images',
    () =>
      new DropoutWrapper(
        new MultiRNNCell([
          new Conv2DLSTMCell([2, 2, 1], 2, [2, 2]),
          new Conv2DLSTMCell([2, 2, 2], 1, [1, 2], { useBias: false }),
        ]),
        { outputKeepProb: 1 },
      ),
    [2, 2, 1],
  ],
  [
    'layers of all kinds',
    () =>
      new OutputProjectionWrapper(
        new MultiRNNCell([
          new IndyLSTMCell(2),
          new Grid2GRUCell(3),
          new SRUCell(2),
          new GridLSTMCell(1, { ...windows, numFrequencyBlocks: [1] }),
        ]),
        2,
      ),
    [2],
  ],
];

type Driver = (cell: Cell, x: Tensor) => [Tensor, Structure];
const options = { dtype: 'float32', sequenceLength: LENGTHS } as const;
const dynamically: Driver = (cell, x) => dynamicRnn(cell, x, options);
const statically: Driver = (cell, x) => {
  const [outputs, state] = staticRnn(cell, unstack(x, { axis: 1 }), options);
  return [stack(outputs, { axis: 1 }), state];
};

/** Numbers from -1 to 1 that differ from each other. */
const sines = (shape: readonly number[], k: number): NDArray => {
  const size = shape.reduce((a, b) => a * b, 1);
  return new NDArray(
    'float32',
    shape,
    Float32Array.from({ length: size }, (_, i) => Math.sin(1 + k + 3 * i)),
  );
};

/** Names of the variables; outputs, states, and gradients of the input and of all variables. */
function results(drive: Driver, backend: Backend, [, cell, shape]: Case): { names: string[]; values: unknown[] } {
  resetDefaultGraph();
  const X = placeholder('float32', [null, STEPS, ...shape]);
  const [outputs, state] = drive(cell(), X);
  const states = flatState(state);
  const loss = states.reduce((sum, s) => add(sum, reduceSum(s.square())), reduceSum(outputs.square()));
  const variables = trainableVariables();
  const found = gradients(loss, [X, ...variables]).filter((g) => g !== null);
  expect(found).toHaveLength(variables.length + 1);
  const session = new Session({ backend });
  session.runSync(globalVariablesInitializer());
  for (const [k, v] of variables.entries()) {
    const value = placeholder('float32', v.shape);
    session.runSync(v.assign(value), [[value, sines(v.shape, k)]]);
  }
  const feeds = [[X, sines([BATCH, STEPS, ...shape], 0.5)]] as const;
  const values = session.runSync([outputs, ...states, ...found], feeds).map((v) => v.toArray());
  session.close();
  return { names: variables.map((v) => v.op), values };
}

const cpu = createCpu();

test.each(cases)('%s: static and dynamic, on every backend, give the same', (...c) => {
  const expected = results(statically, reference(), c);
  const tolerance = 2e-5 * Math.max(1, ...expected.values.flat(9).map((v) => Math.abs(Number(v))));
  for (const [drive, backend] of [
    [dynamically, reference()],
    [dynamically, cpu],
    [statically, cpu],
  ] as const) {
    const got = results(drive, backend, c);
    expect(got.names).toEqual(expected.names);
    expectClose(got.values, expected.values, tolerance);
  }
});
