import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
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
import { BasicRNNCell, dynamicRnn, staticRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/rnn.json' with { type: 'json' };
import { expectClose } from './support.js';

beforeEach(() => resetDefaultGraph());

/** Outputs [batch, time, units] and final state of either driver. */
type Driver = (
  cell: BasicRNNCell,
  x: Tensor,
  options: { sequenceLength?: number[]; initialState?: Tensor; dtype?: 'float32' | 'float64' },
) => [Tensor, Tensor];
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

  test("TensorFlow's BPTT numbers", () => {
    const c = golden.bptt.basicRnn;
    const X = placeholder('float32', [2, 3, 2], { name: 'X' });
    const [outputs, state] = drive(new BasicRNNCell(2), X, { dtype: 'float32', sequenceLength: c.sequenceLength });
    const loss = reduceSum(outputs.square()).add(reduceSum(state));
    const found = gradients(loss, [X, ...trainableVariables()]).filter((g) => g !== null);
    const session = new Session({ backend: reference() });
    const start: Record<string, number[] | number[][]> = c.variables;
    for (const v of globalVariables()) session.runSync(v.assign(start[v.op]));
    const r = session.runSync({ outputs, state, loss, found }, [[X, c.X]]);
    expectClose(r.outputs.toArray(), c.outputs);
    expectClose(r.state.toArray(), c.state.h);
    expectClose(r.loss.item(), c.loss);
    const want: Record<string, unknown> = c.gradients;
    const names = ['X', ...trainableVariables().map((v) => v.op)];
    expect(found).toHaveLength(3);
    names.forEach((name, i) => expectClose(r.found[i].toArray(), want[name]));
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
