import { gradients } from '@tensorloom/autodiff';
import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Structure,
  type Tensor,
  TensorArray,
  add,
  cond,
  constant,
  gather,
  globalVariablesInitializer,
  minimum,
  mul,
  placeholder,
  reduceAll,
  reduceSum,
  resetDefaultGraph,
  trainableVariables,
  transpose,
  unstack,
  zeros,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/drivers.json' with { type: 'json' };
import {
  AttentionCellWrapper,
  BasicLSTMCell,
  BasicRNNCell,
  type Cell,
  DeviceWrapper,
  GRUCell,
  HighwayWrapper,
  InputProjectionWrapper,
  ResidualWrapper,
  bidirectionalDynamicRnn,
  dynamicRnn,
  flatState,
  rawRnn,
  stackBidirectionalDynamicRnn,
  stackBidirectionalRnn,
  staticBidirectionalRnn,
} from '../src/index.js';
import { expectClose } from './support.js';

beforeEach(() => resetDefaultGraph());

const dtype = 'float32' as const;
const { sequenceLength } = golden;
const steps = golden.X[0].length;

/** Outputs and final states, in TensorFlow's order, of a network over X [batch, time, depth]. */
type Build = (X: Tensor) => readonly [outputs: readonly Tensor[], states: readonly Tensor[]];

const bidirectional =
  (options: { readonly sequenceLength?: number[]; readonly timeMajor?: boolean }): Build =>
  (X) => {
    const x = options.timeMajor === true ? transpose(X, [1, 0, 2]) : X;
    const [outputs, states] = bidirectionalDynamicRnn(new GRUCell(2), new BasicLSTMCell(3), x, { dtype, ...options });
    return [outputs, flatState(states)];
  };

const staticBidirectional =
  (options: { readonly sequenceLength?: number[] }): Build =>
  (X) => {
    const xs = unstack(X, { axis: 1 });
    const [outputs, fw, bw] = staticBidirectionalRnn(new GRUCell(2), new BasicLSTMCell(3), xs, { dtype, ...options });
    return [outputs, flatState([fw, bw])];
  };

/** Feeds the cell its own output besides the input, sums outputs up in the loop state, and collects twice the output. */
function raw(X: Tensor): ReturnType<Build> {
  const cell = new GRUCell(2);
  const rows = transpose(X, [1, 0, 2]);
  const lengths = constant(sequenceLength, { dtype: 'int32' });
  const [emitted, state, loopState] = rawRnn(cell, (time, output, now, sum) => {
    const finished = time.greaterEqual(lengths);
    const inputs = cond(
      reduceAll(finished),
      () => zeros([3, 2]),
      () => gather(rows, minimum(time, steps - 1)),
    );
    if (output === null || now === null || sum === null)
      return [finished, inputs, cell.zeroState(3, dtype), zeros([2]), constant(0)];
    return [finished, add(inputs, mul(output, 0.5)), now, mul(output, 2), add(flatState(sum)[0], reduceSum(output))];
  });
  if (!(emitted instanceof TensorArray)) throw new Error('expected one array');
  return [[emitted.stack()], flatState([state, loopState])];
}

const drivers: Record<keyof typeof golden.drivers, Build> = {
  bidirectionalDynamicRnn: bidirectional({}),
  'bidirectionalDynamicRnn with lengths': bidirectional({ sequenceLength }),
  'bidirectionalDynamicRnn time major': bidirectional({ sequenceLength, timeMajor: true }),
  staticBidirectionalRnn: staticBidirectional({}),
  'staticBidirectionalRnn with lengths': staticBidirectional({ sequenceLength }),
  stackBidirectionalDynamicRnn: (X) => {
    const [fw, bw] = [[2, 3].map((n) => new BasicRNNCell(n)), [2, 3].map((n) => new GRUCell(n))];
    const [outputs, ...states] = stackBidirectionalDynamicRnn(fw, bw, X, { dtype, sequenceLength });
    return [[outputs], flatState(states)];
  },
  rawRnn: raw,
};

const wrapped =
  (make: () => Cell): Build =>
  (X) => {
    const [outputs, state] = dynamicRnn(make(), X, { dtype, sequenceLength });
    return [[outputs], flatState(state)];
  };

const wrappers: Record<keyof typeof golden.wrappers, Build> = {
  ResidualWrapper: wrapped(() => new ResidualWrapper(new GRUCell(2))),
  'ResidualWrapper residualFn': wrapped(
    () => new ResidualWrapper(new BasicLSTMCell(2), { residualFn: (x, y) => x.mul(y).add(x.mul(0.5)) }),
  ),
  DeviceWrapper: wrapped(() => new DeviceWrapper(new BasicLSTMCell(2), '/cpu:0')),
  InputProjectionWrapper: wrapped(() => new InputProjectionWrapper(new GRUCell(2), 3)),
  HighwayWrapper: wrapped(() => new HighwayWrapper(new GRUCell(2))),
  'HighwayWrapper not coupled': wrapped(
    () => new HighwayWrapper(new GRUCell(2), { coupleCarryTransformGates: false, carryBiasInit: 0.5 }),
  ),
  AttentionCellWrapper: wrapped(() => new AttentionCellWrapper(new BasicLSTMCell(3), 2)),
  'AttentionCellWrapper sizes': wrapped(
    () => new AttentionCellWrapper(new GRUCell(2), 3, { attnSize: 4, attnVecSize: 5 }),
  ),
};

const linspace = (n: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => (n === 1 ? -0.5 : i / (n - 1) - 0.5));

/** Sets all trainable variables to numbers from -.5 to .5. */
function setLinspace(session: Session): void {
  session.runSync(globalVariablesInitializer());
  for (const v of trainableVariables()) {
    const value = placeholder(dtype, v.shape);
    const numbers = new NDArray(dtype, v.shape, linspace(v.shape.reduce((a, b) => a * b, 1)));
    session.runSync(v.assign(value), [[value, numbers]]);
  }
}

interface Expected {
  readonly outputs: readonly unknown[];
  readonly states: readonly unknown[];
  readonly loss: number;
  readonly variables: Readonly<Record<string, readonly number[]>>;
  readonly gradients: Readonly<Record<string, unknown>>;
}

/** Compares a network with what TensorFlow gave: names and shapes of variables, outputs, states, and all gradients. */
function expectTensorFlow(build: Build, expected: Expected, backend: ReturnType<typeof reference>): void {
  const X = placeholder(dtype, [3, steps, 2], { name: 'X' });
  const [outputs, states] = build(X);
  const sums = [...outputs.map((y) => reduceSum(y.square())), ...states.map((s) => reduceSum(s))];
  const loss = sums.reduce((a, b) => add(a, b));
  const variables = trainableVariables();
  expect(variables.map((v) => [v.op, [...v.shape]])).toEqual(Object.entries(expected.variables));
  const found = gradients(loss, [X, ...variables]).map((g) => g ?? expect.fail('a gradient is missing'));
  const session = new Session({ backend });
  setLinspace(session);
  const results = session.runSync({ outputs, states, loss, found }, [[X, golden.X]]);
  results.outputs.forEach((y, i) => expectClose(y.toArray(), expected.outputs[i]));
  results.states.forEach((s, i) => expectClose(s.toArray(), expected.states[i]));
  expect(results.states).toHaveLength(expected.states.length);
  expectClose(results.loss.item(), expected.loss, 2e-5);
  results.found.forEach((g, i) =>
    expectClose(g.toArray(), expected.gradients[i === 0 ? 'X' : variables[i - 1].op], 2e-5),
  );
  session.close();
  expect(backend.stats().handles).toBe(0);
}

const backends = [
  ['reference', reference],
  ['cpu', createCpu],
] as const;

describe.each(backends)("TensorFlow's outputs, states and gradients, on %s", (_, make) => {
  test.each(Object.entries(drivers))('%s', (name, build) => {
    expectTensorFlow(build, golden.drivers[name as keyof typeof golden.drivers], make());
  });

  test.each(Object.entries(wrappers))('%s', (name, build) => {
    expectTensorFlow(build, golden.wrappers[name as keyof typeof golden.wrappers], make());
  });
});

test('stackBidirectionalRnn gives what the layers of loops give, with the same names', () => {
  const run = (unrolled: boolean): readonly [unknown, unknown, readonly string[]] => {
    resetDefaultGraph();
    const X = placeholder(dtype, [3, steps, 2]);
    const [fw, bw] = [[2, 3].map((n) => new BasicRNNCell(n)), [2, 3].map((n) => new BasicLSTMCell(n))];
    let outputs: readonly Tensor[];
    let states: Structure;
    if (unrolled) {
      const [ys, ...both] = stackBidirectionalRnn(fw, bw, unstack(X, { axis: 1 }), { dtype, sequenceLength });
      [outputs, states] = [ys, both];
    } else {
      const [ys, ...both] = stackBidirectionalDynamicRnn(fw, bw, X, { dtype, sequenceLength });
      [outputs, states] = [unstack(ys, { axis: 1 }), both];
    }
    const session = new Session({ backend: reference() });
    setLinspace(session);
    const fed = [[X, golden.X]] as const;
    const values = [session.runSync(outputs, fed), session.runSync(flatState(states), fed)].map((all) =>
      all.map((v) => v.toArray()),
    );
    session.close();
    return [values[0], values[1], trainableVariables().map((v) => v.op)];
  };
  const [[a, b, names], [c, d, others]] = [run(true), run(false)];
  expectClose(a, c, 1e-6);
  expectClose(b, d, 1e-6);
  expect(names).toEqual(others);
  expect(names[0]).toBe('stack_bidirectional_rnn/cell_0/bidirectional_rnn/fw/basic_rnn_cell/kernel');
});
