import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  constantInitializer,
  globalVariablesInitializer,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  trainableVariables,
  unstack,
  variableScope,
} from '@tensorloom/graph';
import { BasicRNNCell, dynamicRnn, staticRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

test('10,000 steps build, differentiate and run without overflowing the stack, and agree with dynamicRnn', async () => {
  const steps = 10_000;
  const X = placeholder('float32', [1, steps, 2]);
  const cell = new BasicRNNCell(2);
  const initializer = constantInitializer(0.3);
  const [unrolled, looped] = variableScope('', { initializer }, () => [
    staticRnn(cell, unstack(X, { axis: 1 }), { dtype: 'float32' })[1],
    dynamicRnn(cell, X, { dtype: 'float32' })[1],
  ]);
  const [kernel] = trainableVariables();
  const found = [unrolled, looped].flatMap((state) => gradients(reduceSum(state.square()), kernel));
  const session = new Session({ backend: reference() });
  await session.run(globalVariablesInitializer());
  const live = found.filter((g) => g !== null);
  const feeds = [
    [X, { shape: [1, steps, 2], data: Float32Array.from({ length: 2 * steps }, (_, i) => Math.sin(i)) }],
  ] as const;
  const [a, b] = (await session.run(live, feeds)).map((g) => Array.from(g.data));
  session.close();
  expect(live).toHaveLength(2);
  expect(a.some((v) => v !== 0)).toBe(true);
  a.forEach((v, i) => expect(v).toBeCloseTo(b[i], 5));
});
