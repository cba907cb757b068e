import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import * as tl from '../src/index.js';

beforeEach(() => tl.resetDefaultGraph());

const run = (x: tl.Tensor): unknown => {
  const session = new tl.Session();
  const value = session.runSync(x).toArray();
  session.close();
  return value;
};

test('divNoNan gives 0 where the divisor is 0, and broadcasts', () => {
  expect(run(tl.divNoNan([1, -2, 0], [2, 0, 0]))).toEqual([0.5, 0, 0]);
  expect(
    run(
      tl.divNoNan(
        [
          [1, 2],
          [3, 4],
        ],
        [2, 0],
      ),
    ),
  ).toEqual([
    [0.5, 0],
    [1.5, 0],
  ]);
  expect(run(tl.divNoNan(6, [[3], [0]]))).toEqual([[2], [0]]);
});

test('the gradient of divNoNan is 0 there', () => {
  const x = tl.constant([3, 4]);
  const y = tl.constant([2, 0]);
  const [dx, dy] = tl.gradients(tl.divNoNan(x, y), [x, y]);
  expect([dx, dy].map((d) => run(d ?? x))).toEqual([
    [0.5, 0],
    [-0.75, 0],
  ]);
});

test('the gradient of divNoNan elsewhere is that of a quotient, of both orders', () => {
  const x = ndarrays('float64', [2, 3], { min: -2, max: 2 });
  const y = ndarrays('float64', [3], { min: 0.5, max: 2 });
  fc.assert(
    fc.property(x, y, fc.nat(1000), (a, b, seed) => {
      checkGradients({ inputs: [a, b], seed, order: 2, build: ([s, t]) => tl.divNoNan(s, t) });
    }),
    { numRuns: 3 },
  );
});

test('clipByValue keeps values between the bounds, and its gradient is 0 where it cut', () => {
  const x = tl.constant([-2, 0.5, 3]);
  const y = tl.clipByValue(x, -1, 1);
  const [dx] = tl.gradients(y, [x]);
  expect(run(y)).toEqual([-1, 0.5, 1]);
  expect(run(dx ?? x)).toEqual([0, 1, 0]);
});
