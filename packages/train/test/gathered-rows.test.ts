import { gradients } from '@tensorloom/autodiff';
import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  type Variable,
  add,
  constant,
  gather,
  globalVariablesInitializer,
  neededNodes,
  reduceSum,
  resetDefaultGraph,
  sin,
  square,
  tanh,
  variable,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/sparse-optimizers.json' with { type: 'json' };
import { gatheredRows } from '../src/gathered-rows.js';
import {
  AdadeltaOptimizer,
  AdagradOptimizer,
  AdamOptimizer,
  FtrlOptimizer,
  GradientDescentOptimizer,
  LazyAdamOptimizer,
  MomentumOptimizer,
  type Optimizer,
  RMSPropOptimizer,
} from '../src/index.js';

beforeEach(() => resetDefaultGraph());

/** A table of which two lookups read some rows, one of them twice. */
function problem(): { table: Variable; loss: Tensor } {
  const table = variable(constant(golden.table, { dtype: 'float64' }), { name: 'table' });
  const [first, second] = [gather(table, golden.first), gather(table, golden.second)];
  const weights = constant([1, -2, 3], { dtype: 'float64' });
  return { table, loss: add(reduceSum(square(tanh(first).sub(0.25))), reduceSum(sin(second).mul(weights))) };
}

const optimizers: Record<keyof typeof golden.cases, () => Optimizer> = {
  gradientDescent: () => new GradientDescentOptimizer({ learningRate: 0.1 }),
  momentum: () => new MomentumOptimizer({ learningRate: 0.05, momentum: 0.9 }),
  nesterov: () => new MomentumOptimizer({ learningRate: 0.05, momentum: 0.9, useNesterov: true }),
  adagrad: () => new AdagradOptimizer({ learningRate: 0.1 }),
  rmsProp: () => new RMSPropOptimizer({ learningRate: 0.01, momentum: 0.5 }),
  centeredRmsProp: () => new RMSPropOptimizer({ learningRate: 0.01, centered: true }),
  adadelta: () => new AdadeltaOptimizer({ learningRate: 0.5 }),
  ftrl: () => new FtrlOptimizer({ learningRate: 0.1, l1RegularizationStrength: 0.01 }),
  adam: () => new AdamOptimizer({ learningRate: 0.1 }),
};

describe.each(Object.keys(optimizers) as (keyof typeof optimizers)[])('%s', (name) => {
  test.each([reference, createCpu])('moves the rows that TensorFlow moves, to where it moves them', (make) => {
    const { table, loss } = problem();
    const optimizer = optimizers[name]();
    const step = optimizer.minimize(loss);
    const backend = make();
    const session = new Session({ backend });
    session.runSync(globalVariablesInitializer());
    const { steps, slots } = golden.cases[name];
    // TensorFlow rounds hyperparameters given as numbers to float32, and the decay of squares is near 1.
    const close = (got: unknown, want: number[][]): void =>
      want.flat().forEach((v, i) => expect((got as number[][]).flat()[i]).toBeCloseTo(v, 5));
    for (const want of steps) {
      session.runSync(step);
      close(session.runSync(table).toArray(), want);
    }
    for (const [slot, want] of Object.entries(slots)) {
      const made = optimizer.getSlot(table, slot);
      if (made === null) throw new Error(`no slot ${slot}`);
      close(session.runSync(made).toArray(), want);
    }
    session.close();
    expect(backend.stats().handles).toBe(0);
  });
});

test('LazyAdam leaves the means of other rows alone: rows that are looked up again go on from there', () => {
  const table = variable(constant([[1], [2], [3]], { dtype: 'float64' }), { name: 'table' });
  const optimizer = new LazyAdamOptimizer({ learningRate: 0.1 });
  const [even, all] = [
    [0, 2],
    [0, 1, 2],
  ].map((ids) => optimizer.minimize(reduceSum(square(gather(table, ids)))));
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  session.runSync(even);
  session.runSync(even);
  const [before] = [session.runSync(table).toArray()];
  expect((before as number[][])[1]).toEqual([2]);
  session.runSync(all);
  const m = optimizer.getSlot(table, 'm');
  if (m === null) throw new Error('no slot m');
  // Row 1 has seen one gradient, 2 * 2, after which its mean is (1 - .9) of it; the step's bias correction is that of the third step.
  expect((session.runSync(m).toArray() as number[][])[1][0]).toBeCloseTo(0.4, 12);
  const rate = (0.1 * Math.sqrt(1 - 0.999 ** 3)) / (1 - 0.9 ** 3);
  const [, [moved]] = session.runSync(table).toArray() as number[][];
  expect(moved).toBeCloseTo(2 - (rate * 0.4) / (Math.sqrt(0.001 * 16) + 1e-8), 9);
  session.close();
});

test('nothing of the size of the table is computed for a step', () => {
  const table = variable(constant(0.5, { shape: [1000, 2] }), { name: 'table' });
  const loss = reduceSum(square(gather(table, [3, 5, 3])));
  const step = new AdagradOptimizer({ learningRate: 0.1 }).minimize(loss);
  const sizes = neededNodes([], undefined, [step]).flatMap((n) =>
    n.op.effect === 'pure'
      ? n.outputs.flatMap((o) =>
          o.kind === 'tensor' ? [(o.shape ?? []).reduce((a: number, d) => a * (d ?? 1), 1)] : [],
        )
      : [],
  );
  expect(Math.max(...sizes)).toBeLessThan(1000);
  const session = new Session({ backend: createCpu() });
  session.runSync(globalVariablesInitializer());
  const before = session.runSync(table).data;
  session.runSync(step);
  const after = session.runSync(table).data;
  const changed = Array.from(after, (v, i) => (v === before[i] ? [] : [Math.floor(i / 2)])).flat();
  expect([...new Set(changed)]).toEqual([3, 5]);
  session.close();
});

test('a gradient that is not of lookups alone is no gathered rows', () => {
  const table = variable(constant(0.5, { shape: [4, 2] }), { name: 'table' });
  const loss = reduceSum(square(gather(table, [1]))).add(reduceSum(table.value().tanh()));
  const [dense] = gradients(loss, table);
  const [rows] = gradients(reduceSum(gather(table, [1]).add(gather(table, [2]))), table);
  if (dense === null || rows === null) throw new Error('no gradient');
  expect(gatheredRows(dense, table)).toBeNull();
  expect(gatheredRows(rows, table)?.ids.shape).toEqual([2]);
});
