import { checkGradients } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

const derivative = (y: tl.Tensor, x: tl.Tensor): tl.Tensor => tl.gradients(y, x)[0] ?? expect.fail('no gradient');

/** y and its derivatives by x up to `order`. */
const derivatives = (y: tl.Tensor, x: tl.Tensor, order: number): tl.Tensor[] =>
  order === 0 ? [y] : [y, ...derivatives(derivative(y, x), x, order - 1)];

/** v <- v * v while v < 8. */
const squares = (x: tl.Tensor): tl.Tensor =>
  tl.whileLoop(
    (v) => v.less(8),
    (v) => [v.mul(v)],
    [x],
  )[0];

test('v <- v * v while v < 8, from 2: the value 16, the derivatives 32 and 48, the third 48', () => {
  const x = tl.constant(2);
  expect(run(...derivatives(squares(x), x, 3))).toEqual([16, 32, 48, 48]);
});

test('third order: as often as the loop turns, x^(2^n)', () => {
  const x = tl.placeholder('float64', []);
  const found = derivatives(squares(x), x, 3);
  for (const at of [1.2, 1.5, 2, 3, 9]) {
    let n = 1;
    for (let v = at; v < 8; v *= v) n *= 2;
    const want = [at ** n, n * at ** (n - 1), n * (n - 1) * at ** (n - 2), n * (n - 1) * (n - 2) * at ** (n - 3)];
    runWith([[x, at]], ...found).forEach((v, order) => {
      expect((v as number) / (want[order] === 0 ? 1 : want[order])).toBeCloseTo(want[order] === 0 ? 0 : 1, 9);
    });
  }
});

/** Turns as long as the data say; every trip scans the rows of x, from what the trip before left. */
const whileWithScan = (start: tl.Tensor, x: tl.Tensor): tl.Tensor[] =>
  tl.whileLoop(
    (total) => total.less(6),
    (total, path) => {
      const steps = tl.scan((a, row) => tl.tanh(a.mul(row)).add(a), x, { initializer: path });
      return [total.add(tl.reduceSum(steps.square())).add(1), steps.gather([0]).reshape([-1])];
    },
    [tl.reduceSum(start.square()), start],
    { shapeInvariants: [[], [2]] },
  );

test('a data-dependent while with an inner scan: gradient of gradient, in float64', () => {
  const near = fc.double({ min: 0.2, max: 1.2, noNaN: true });
  const many = (n: number): fc.Arbitrary<Float64Array> =>
    fc.array(near, { minLength: n, maxLength: n }).map((v) => Float64Array.from(v));
  fc.assert(
    fc.property(many(2), many(6), fc.nat(1000), (start, data, seed) => {
      checkGradients({
        inputs: [start, { shape: [3, 2], data }],
        shapes: [[2], [null, 2]],
        order: 2,
        seed,
        build: ([s, x]) => whileWithScan(s, x),
      });
    }),
    { numRuns: 6 },
  );
});

test('a data-dependent while with an inner scan turns as often as the data say', () => {
  const start = tl.placeholder('float32', [2]);
  const x = tl.constant([
    [0.5, 0.5],
    [0.5, 0.5],
  ]);
  const [total] = whileWithScan(start, x);
  const trips = [0.1, 1, 3].map((v) => runWith([[start, [v, v]]], total)[0] as number);
  // Every trip adds at least 1: six from nearly nothing, none from 18.
  expect(trips[0]).toBeGreaterThanOrEqual(6);
  expect(trips[2]).toBe(18);
});
