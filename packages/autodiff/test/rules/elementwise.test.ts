import { reference } from '@tensorloom/backend-reference';
import {
  NDArray,
  type Op,
  type Tensor,
  add,
  apply1,
  cast,
  elementwise,
  mixed,
  placeholder,
  resetDefaultGraph,
  where,
} from '@tensorloom/graph';
import { type ElementOptions, broadcastableShapes, checkGradients, ndarrays, shapes } from '@tensorloom/testkit';
import { Session } from '@tensorloom/runtime';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { gradients } from '../../src/index.js';
import type { Rule } from '../../src/rule.js';
import { elementwiseRules } from '../../src/rules/elementwise.js';
import { walkRules } from './walk.js';

beforeEach(() => resetDefaultGraph());

/** Operands whose quotients lie between 1 and 2. */
const between1And2: readonly ElementOptions[] = [
  { min: 4.125, max: 4.875 },
  { min: 2.5, max: 4 },
];
const halves = Array.from({ length: 13 }, (_, i) => (i - 6) / 2);

/** Where an op is smooth: what each of its operands is drawn from, the last one standing for the rest. */
const domains: Partial<Record<string, readonly ElementOptions[]>> = {
  div: [{ min: 0.25 }],
  floorMod: between1And2,
  floorDiv: between1And2,
  pow: [{ min: 0.25 }],
  sqrt: [{ min: 0.25 }],
  rsqrt: [{ min: 0.25 }],
  reciprocal: [{ min: 0.25 }],
  log: [{ min: 0.25 }],
  log1p: [{ min: -0.75 }],
  tan: [{ min: -1.25, max: 1.25 }],
  asin: [{ min: -0.75, max: 0.75 }],
  acos: [{ min: -0.75, max: 0.75 }],
  abs: [{ awayFrom: [0] }],
  sign: [{ awayFrom: [0] }],
  floor: [{ awayFrom: halves }],
  ceil: [{ awayFrom: halves }],
  round: [{ awayFrom: halves }],
  relu: [{ awayFrom: [0] }],
  // A tie is a kink: the one operand is the larger throughout.
  maximum: [{ min: 0 }, { max: -0.25 }],
  minimum: [{ min: 0 }, { max: -0.25 }],
};

/** Operands of a shape each, where the op is smooth. */
const operands = (key: string, all: readonly (readonly number[])[]): fc.Arbitrary<NDArray[]> => {
  const own = domains[key] ?? [{}];
  return fc.tuple(...all.map((shape, i) => ndarrays('float64', shape, own[Math.min(i, own.length - 1)])));
};

const ruleOf = (op: Op): Rule | null | undefined => elementwiseRules.find(([o]) => o === op)?.[1];
const entries = Object.entries(elementwise);

describe.each(entries.filter(([, op]) => ruleOf(op) !== null))('%s, orders 1 and 2', (key, op) => {
  const arity = op.scalar.length;
  const build = (xs: Tensor[]): Tensor => apply1(op, xs, {});

  test('over broadcast shapes', () => {
    const small = shapes({ maxRank: 3, maxLength: 3 });
    fc.assert(
      fc.property(
        broadcastableShapes(arity, small).chain((all) => operands(key, all)),
        fc.nat(1000),
        (inputs, seed) => {
          const swaps = (key === 'maximum' || key === 'minimum') && seed % 2 === 0;
          checkGradients({ inputs: swaps ? [...inputs].reverse() : inputs, order: 2, seed, build });
        },
      ),
      { numRuns: 10 },
    );
  });

  test('with unknown dimensions', () => {
    const all = Array.from({ length: arity }, (_, i) => [2, i === 0 ? 3 : 1]);
    const [inputs] = fc.sample(operands(key, all), { numRuns: 1, seed: 1 });
    checkGradients({ inputs, shapes: inputs.map(() => [null, null]), order: 2, build });
  });
});

test.each(entries.filter(([, op]) => ruleOf(op) === null))(
  '%s has no gradient, on purpose: it is flat wherever it does not jump',
  (_, op) => {
    // Points and quotients of points that are no multiples of a half.
    const points = Array.from({ length: 40 }, (_, i) => (i - 20) * 0.377 + 0.1315);
    for (const [i, x] of points.entries()) {
      const rest = Array.from({ length: op.scalar.length - 1 }, (_, k) => points[(7 * i + k + 3) % points.length]);
      expect(op.scalar(x + 1e-9, ...rest.map((r) => r - 1e-9))).toBe(op.scalar(x, ...rest));
    }
  },
);

test('every op of the family has a rule or an intended null', () => {
  const ruled = new Set(elementwiseRules.map(([op]) => op));
  for (const op of Object.values(elementwise)) expect(ruled.has(op)).toBe(true);
});

describe('ops whose operands differ in dtype', () =>
  walkRules(mixed, { domains: { cast: { when: ({ attrs: { to } }) => to === 'float64' } } }));

test('cast passes gradients from one float dtype to another, in the dtype of its input', () => {
  const x = placeholder('float32', [2]);
  const [g] = gradients(cast(x, 'float64'), x);
  const session = new Session({ backend: reference() });
  expect(session.runSync([g ?? x], [[x, [3, 4]]])).toEqual([new NDArray('float32', [2], Float32Array.of(1, 1))]);
  session.close();
});

test('where, orders 1 and 2, and no NaN from the side not chosen', () => {
  checkGradients({
    inputs: [Float64Array.of(0.5, -0.5, 2), Float64Array.of(1, 2, 3)],
    order: 2,
    build: ([x, y]) => where(x.greater(0), x.mul(y), add(y, 1).square()),
  });
});

test('a gradient that arrives twice is summed', () => {
  checkGradients({
    inputs: [Float64Array.of(0.4, 0.8)],
    order: 2,
    build: ([x]): Tensor => x.mul(x).add(x.sin().mul(x)),
  });
});
