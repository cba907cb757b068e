import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type Structure,
  type Tensor,
  add,
  globalVariables,
  globalVariablesInitializer,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  setRandomSeed,
  stack,
  trainableVariables,
  unstack,
} from '@tensorloom/graph';
import { BasicLSTMCell, BasicRNNCell, type Cell, GRUCell, dynamicRnn, flatState, staticRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/rnn.json' with { type: 'json' };
import { expectClose } from './support.js';

beforeEach(() => resetDefaultGraph());

/** Outputs [batch, time, units] and final state of either driver. */
type Driver = <S extends Structure>(
  cell: Cell<S>,
  x: Tensor,
  options: { sequenceLength?: number[]; initialState?: S; dtype?: 'float32' | 'float64' },
) => [Tensor, S];
const drivers: Record<string, Driver> = {
  dynamicRnn: (cell, x, options) => dynamicRnn(cell, x, options),
  staticRnn: (cell, x, options) => {
    const [outputs, state] = staticRnn(cell, unstack(x, { axis: 1 }), options);
    return [stack(outputs, { axis: 1 }), state];
  },
};

const cases = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    steps: fc.integer({ min: 1, max: 4 }),
    depth: fc.integer({ min: 1, max: 3 }),
    units: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(1000),
    lengthy: fc.boolean(),
  })
  .chain((c) =>
    fc.record({
      ...Object.fromEntries(Object.entries(c).map(([k, v]) => [k, fc.constant(v)])),
      x: ndarrays('float64', [c.batch, c.steps, c.depth]),
      h: ndarrays('float64', [c.batch, c.units]),
      lengths: fc.array(fc.integer({ min: 0, max: c.steps }), { minLength: c.batch, maxLength: c.batch }),
      shape: fc.constant(c),
    }),
  );

describe.each(Object.entries(drivers))('%s', (_, drive) => {
  test('BPTT equals finite differences, orders 1 and 2', () => {
    fc.assert(
      fc.property(cases, ({ x, h, lengths, shape: { units, seed, lengthy } }) => {
        checkGradients({
          inputs: [x, h],
          order: 2,
          seed,
          build: ([inputs, initialState]) =>
            drive(new BasicRNNCell(units), inputs, { initialState, ...(lengthy && { sequenceLength: lengths }) }),
        });
      }),
      { numRuns: 12 },
    );
  });

  test.each([
    ['basicRnn', () => new BasicRNNCell(2)],
    ['basicLstm', () => new BasicLSTMCell(2)],
    ['gru', () => new GRUCell(2)],
  ] as const)("TensorFlow's BPTT numbers: %s", (name, cellOf) => {
    const c = golden.bptt[name];
    const cell: Cell = cellOf();
    const X = placeholder('float32', [2, 3, 2], { name: 'X' });
    const [outputs, state] = drive(cell, X, { dtype: 'float32', sequenceLength: c.sequenceLength });
    const states = flatState(state);
    const loss = states.reduce((sum, s) => add(sum, reduceSum(s)), reduceSum(outputs.square()));
    const found = gradients(loss, [X, ...trainableVariables()]).filter((g) => g !== null);
    const session = new Session({ backend: reference() });
    const start = new Map<string, number[] | number[][]>(Object.entries(c.variables));
    for (const v of globalVariables()) session.runSync(v.assign(start.get(v.op) ?? []));
    const r = session.runSync({ outputs, states, loss, found }, [[X, c.X]]);
    expectClose(r.outputs.toArray(), c.outputs);
    const ends: Partial<Record<'c' | 'h', number[][]>> = c.state;
    expectClose(
      r.states.map((s) => s.toArray()),
      ends.c === undefined ? [ends.h] : [ends.c, ends.h],
    );
    expectClose(r.loss.item(), c.loss);
    const want = new Map<string, unknown>(Object.entries(c.gradients));
    const names = ['X', ...trainableVariables().map((v) => v.op)];
    expect(found).toHaveLength(names.length);
    names.forEach((n, i) => expectClose(r.found[i].toArray(), want.get(n)));
    session.close();
  });
});

test('static and dynamic agree in outputs, states and gradients', () => {
  fc.assert(
    fc.property(cases, ({ x, lengths, shape: { units, seed, lengthy } }) => {
      const results = Object.values(drivers).map((drive) => {
        resetDefaultGraph();
        setRandomSeed(seed);
        const X = placeholder('float64', x.shape);
        const [outputs, state] = drive(new BasicRNNCell(units), X, {
          dtype: 'float64',
          ...(lengthy && { sequenceLength: lengths }),
        });
        const loss = reduceSum(outputs.square()).add(reduceSum(state.mul(state).mul(state)));
        const found = gradients(loss, [X, ...trainableVariables()]).filter((g) => g !== null);
        const session = new Session({ backend: reference() });
        session.runSync(globalVariablesInitializer());
        const [kernel, bias] = trainableVariables();
        session.runSync([kernel.assign(ramp(kernel.shape)), bias.assign(ramp(bias.shape))]);
        const r = session.runSync({ outputs, state, found }, [[X, x]]);
        session.close();
        return [r.outputs, r.state, ...r.found].map((v) => v.toArray());
      });
      expectClose(results[0], results[1], 1e-12);
    }),
    { numRuns: 15 },
  );
});

/** Numbers from -0.5 to 0.5, row by row. */
function ramp(shape: readonly number[]): { shape: readonly number[]; data: Float64Array } {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from({ length: size }, (_, i) => (size === 1 ? 0 : i / (size - 1) - 0.5)) };
}
