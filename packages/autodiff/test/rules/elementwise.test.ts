import { elementwiseRules } from '../../src/rules/elementwise.js';
import { type Op, type Tensor, add, apply1, elementwise, resetDefaultGraph, toTensors, where } from '@tensorloom/graph';
import { broadcastableShapes, checkGradients, ndarrays, shapes } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

/** Where an op is smooth: elements it is checked on. */
const domains: Partial<Record<keyof typeof elementwise, { min?: number; max?: number; awayFrom?: number[] }>> = {
  div: { min: 0.25, max: 3 },
  pow: { min: 0.25, max: 3 },
  sqrt: { min: 0.25, max: 3 },
  rsqrt: { min: 0.25, max: 3 },
  log: { min: 0.25, max: 3 },
  abs: { awayFrom: [0] },
  relu: { awayFrom: [0] },
};

const smooth = Object.entries(elementwise).filter(([, op]) =>
  elementwiseRules.some(([o, rule]) => o === (op as Op) && rule !== null),
);

describe.each(smooth)('%s, orders 1 and 2', (key, op) => {
  const arity = op.scalar.length;
  test('over broadcast shapes', () => {
    const small = shapes({ maxRank: 3, maxLength: 3 });
    const distinct = key === 'maximum' || key === 'minimum';
    fc.assert(
      fc.property(
        broadcastableShapes(arity, small).chain((ss) =>
          fc.tuple(
            ...ss.map((s, i) =>
              ndarrays('float64', s, {
                ...domains[key as keyof typeof elementwise],
                ...(distinct && (i === 0 ? { min: 0, max: 3 } : { min: -3, max: -0.25 })),
              }),
            ),
          ),
        ),
        fc.nat(1000),
        (inputs, seed) => {
          // A tie between the operands of maximum or minimum is a kink: here one is the larger throughout, in either order.
          const ordered = distinct && seed % 2 === 0 ? [...inputs].reverse() : inputs;
          checkGradients({ inputs: ordered, order: 2, seed, build: (xs) => apply1(op, toTensors(op.name, xs), {}) });
        },
      ),
      { numRuns: 10 },
    );
  });

  test('with unknown dimensions', () => {
    const inputs = Array.from({ length: arity }, (_, i) => ({
      shape: [2, i === 0 ? 3 : 1],
      data: Float64Array.from(
        { length: i === 0 ? 6 : 2 },
        (_, k) => 0.6 + 0.3 * k + (key === 'minimum' ? 3 : -3) * (key === 'maximum' || key === 'minimum' ? i : 0),
      ),
    }));
    checkGradients({
      inputs,
      shapes: inputs.map(() => [null, null]),
      order: 2,
      build: (xs) => apply1(op, toTensors(op.name, xs), {}),
    });
  });
});

test('every op of the family has a rule or an intended null', () => {
  const ruled = new Set(elementwiseRules.map(([op]) => op));
  for (const op of Object.values(elementwise)) expect(ruled.has(op)).toBe(true);
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
