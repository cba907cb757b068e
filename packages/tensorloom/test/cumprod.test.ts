import { reference } from '@tensorloom/backend-reference';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';

beforeEach(() => tl.resetDefaultGraph());

const run = (x: tl.Tensor, feeds?: tl.Feeds): unknown => {
  const session = new tl.Session({ backend: reference() });
  const value = session.runSync(x, feeds).toArray();
  session.close();
  return value;
};

test('products up to each element, along an axis, from either end, with or without the element', () => {
  // TensorFlow 2.21: tf.math.cumprod.
  const x = tl.constant([
    [2, 3, 4],
    [5, 0, -1],
  ]);
  const rows = (options: tl.CumsumOptions): unknown => run(tl.cumprod(x, 1, options));
  expect(run(tl.cumprod(x))).toEqual([
    [2, 3, 4],
    [10, 0, -4],
  ]);
  expect(rows({})).toEqual([
    [2, 6, 24],
    [5, 0, -0],
  ]);
  expect(rows({ exclusive: true })).toEqual([
    [1, 2, 6],
    [1, 5, 0],
  ]);
  expect(rows({ reverse: true })).toEqual([
    [24, 12, 4],
    [-0, -0, -1],
  ]);
  expect(rows({ exclusive: true, reverse: true })).toEqual([
    [12, 4, 1],
    [-0, -1, 1],
  ]);
});

test('shapes that only a run knows, rows of nothing too', () => {
  const x = tl.placeholder('float32', [null, null]);
  const products = tl.cumprod(x, { axis: -1 });
  expect(products.shape).toEqual([null, null]);
  expect(run(products, [[x, [[3, 2]]]])).toEqual([[3, 6]]);
  expect(run(products, [[x, new tl.NDArray('float32', [2, 0], new Float32Array())]])).toEqual([[], []]);
  expect(() => tl.cumprod(tl.placeholder('float32'))).toThrow(/cumprod: expected a tensor of known rank/);
});

test('gradients, through zeros too, orders 1 and 2', () => {
  fc.assert(
    fc.property(
      ndarrays('float64', [2, 3], { min: -1, max: 1 }),
      fc.boolean(),
      fc.boolean(),
      (x, exclusive, reverse) => {
        x.data[1] = 0;
        checkGradients({
          inputs: [x],
          order: 2,
          build: ([t]) => tl.cumprod(t, 1, { exclusive, reverse }),
        });
      },
    ),
    { numRuns: 10 },
  );
});
