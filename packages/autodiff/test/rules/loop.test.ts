import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  cast,
  constant,
  matmul,
  placeholder,
  reduceMean,
  reduceSum,
  resetDefaultGraph,
  scan,
  stack,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

const doubles = (n: number): fc.Arbitrary<number[]> =>
  fc.array(
    fc.integer({ min: -1024, max: 1024 }).map((k) => k / 1024),
    { minLength: n, maxLength: n },
  );
const vector = (min: number, max: number): fc.Arbitrary<Float64Array> =>
  fc.integer({ min, max }).chain((n) => doubles(n).map((v) => Float64Array.from(v)));
const matrix = (rows: number, columns: number): fc.Arbitrary<{ shape: number[]; data: Float64Array }> =>
  doubles(rows * columns).map((v) => ({ shape: [rows, columns], data: Float64Array.from(v) }));

const run = (fetches: readonly (Tensor | null)[]): number[][] => {
  const session = new Session({ backend: reference() });
  const live = fetches.map((t) => {
    if (t === null) throw new Error('a gradient is missing');
    return t;
  });
  const values = session.runSync(live).map((v) => Array.from(v.data));
  session.close();
  return values;
};

describe("TensorFlow's known answers", () => {
  test('v = 2, while v < 100: v * v has gradient 1024', () => {
    const v = constant(2);
    const [r] = whileLoop(
      (x) => x.less(100),
      (x) => [x.mul(x)],
      [v],
    );
    expect(run([r, ...gradients(r, v)])).toEqual([[256], [1024]]);
  });

  test('v = 2, a = 3 multiplied while v < 100: d/da 216, d/dv 81', () => {
    const [v, a] = [constant(2), constant(3)];
    const [r] = whileLoop(
      (x) => x.less(100),
      (x) => [x.mul(a)],
      [v],
    );
    expect(run([r, ...gradients(r, [a, v])])).toEqual([[162], [216], [81]]);
  });

  test('x = [3, 4], v = [2] five times: [810, 2560]', () => {
    const [x, v] = [constant([3, 4]), constant([2])];
    const [, r] = whileLoop(
      (i) => i.less(5),
      (i, y) => [i.add(1), y.mul(x)],
      [constant(0, { dtype: 'int32' }), v],
      { shapeInvariants: [[], [null]] },
    );
    expect(run(gradients(reduceSum(r), x))).toEqual([[810, 2560]]);
  });

  test('v * v while v < 8 from 2: 16, then 32, then 48', () => {
    const v = constant(2);
    const [r] = whileLoop(
      (x) => x.less(8),
      (x) => [x.mul(x)],
      [v],
    );
    const [d] = gradients(r, v);
    const [dd] = d === null ? [null] : gradients(d, v);
    expect(run([r, d, dd])).toEqual([[16], [32], [48]]);
  });

  test('a loop in a loop: 8', () => {
    const v = constant(1);
    const [r] = whileLoop(
      (x) => x.less(4),
      (x) =>
        whileLoop(
          (y) => y.less(6),
          (y) => [y.mul(2)],
          [x],
        ),
      [v],
    );
    expect(run(gradients(r, v))).toEqual([[8]]);
  });
});

test('a loop that does not turn passes its gradient through', () => {
  const v = constant(5);
  const [r] = whileLoop(
    (x) => x.less(3),
    (x) => [x.mul(7)],
    [v],
  );
  expect(run(gradients(r, v))).toEqual([[1]]);
});

test('a value that only steers the condition has no gradient', () => {
  const [v, limit] = [constant(2), constant(9)];
  const [r] = whileLoop(
    (x) => x.less(limit),
    (x) => [x.mul(x)],
    [v],
  );
  expect(gradients(r, limit)).toEqual([null]);
});

test('a data-dependent number of turns, orders 1 and 2', () => {
  fc.assert(
    fc.property(vector(1, 4), fc.integer({ min: 2, max: 40 }), fc.nat(1000), (x, limit, seed) => {
      checkGradients({
        inputs: [x, Float64Array.of(0.75)],
        order: 2,
        seed,
        build: ([v, w]) => {
          // |v|^2 grows by at least 1 a turn; the limit lies off the values it can take.
          const [, r] = whileLoop(
            (total) => total.less(limit + 0.5),
            (total, y) => [total.add(1).add(cast(total.greater(3), 'float64')), y.mul(w).add(y.mul(y).tanh())],
            [constant(0, { dtype: 'float64' }), v],
          );
          return r;
        },
      });
    }),
    { numRuns: 15 },
  );
});

test('a scan forwards and backwards, with respect to rows, weights and initial state, orders 1 and 2', () => {
  const cases = fc.record({
    steps: fc.integer({ min: 1, max: 5 }),
    size: fc.integer({ min: 1, max: 3 }),
    reverse: fc.boolean(),
    seed: fc.nat(1000),
  });
  fc.assert(
    fc.property(
      cases.chain((c) => fc.tuple(fc.constant(c), matrix(c.steps, c.size), matrix(c.size, c.size), matrix(1, c.size))),
      ([{ reverse, seed }, rows, weights, start]) => {
        checkGradients({
          inputs: [rows, weights, start],
          order: 2,
          seed,
          build: ([xs, w, h0]) => scan((h, x) => matmul(h, w).add(x).tanh(), xs, { initializer: h0, reverse }),
        });
      },
    ),
    { numRuns: 15 },
  );
});

test('a while loop inside a scan, orders 1 and 2', () => {
  fc.assert(
    fc.property(vector(1, 4), fc.nat(1000), (xs, seed) => {
      checkGradients({
        inputs: [xs, Float64Array.of(0.5), Float64Array.of(1.25)],
        order: 2,
        seed,
        build: ([rows, start, w]) =>
          scan(
            (h, x) => {
              const [, inner] = whileLoop(
                (i) => i.less(3),
                (i, y) => [i.add(1), y.mul(w).add(x).sin()],
                [constant(0, { dtype: 'int32' }), h],
              );
              return inner;
            },
            rows,
            { initializer: start },
          ),
      });
    }),
    { numRuns: 10 },
  );
});

test('a scan inside a while loop whose trip counts depend on data, orders 1 and 2', () => {
  checkGradients({
    inputs: [Float64Array.of(0.3, -0.2, 0.9), Float64Array.of(1.1)],
    order: 2,
    build: ([rows, start]) => {
      const [, r] = whileLoop(
        (size) => size.less(6.5),
        (size, y) => {
          const states = scan((h, x) => h.mul(x).add(h.tanh()), rows, { initializer: y });
          return [size.add(2), reduceMean(states, 0).add(y)];
        },
        [constant(0, { dtype: 'float64' }), start],
      );
      return r;
    },
  });
});

test('third order through a small loop', () => {
  checkGradients({
    inputs: [Float64Array.of(0.7)],
    order: 2,
    build: ([x]) => {
      const [, r] = whileLoop(
        (i) => i.less(3),
        (i, y) => [i.add(1), y.mul(y).add(x)],
        [constant(0, { dtype: 'int32' }), x],
      );
      const [d] = gradients(reduceSum(r), x);
      if (d === null) throw new Error('no gradient');
      return d;
    },
  });
});

test('two gradients of one loop share one forward loop', () => {
  const x = placeholder('float32', [3], { name: 'x' });
  const w = constant([2, 3, 4]);
  const [, r] = whileLoop(
    (i) => i.less(3),
    (i, y) => [i.add(1), y.mul(w).tanh()],
    [constant(0, { dtype: 'int32' }), x],
  );
  const [dw] = gradients(r, w);
  const [dx] = gradients(reduceSum(r.mul(r)), x);
  const session = new Session({ backend: reference() });
  if (dw === null || dx === null) throw new Error('a gradient is missing');
  const text = session.describe([r, dw, dx]);
  expect(text.match(/= loop (?!reverse)/g)).toHaveLength(1);
  expect(text.match(/= loop reverse/g)).toHaveLength(2);
  session.close();
});

test('a body that assigns to a variable is refused by name', () => {
  const v = variable(1, { name: 'counter' });
  const x = constant(2);
  const [r] = whileLoop(
    (y) => y.less(9),
    (y) => [y.mul(v.assign(y))],
    [x],
  );
  expect(() => gradients(r, x)).toThrow(/assigns to variable 'counter:0' in its body, so it has no gradient/);
});

test('rows that a loop does not reach have gradient zero', () => {
  const x = constant([1, 2, 3, 4]);
  const totals = scan((sum, row) => sum.add(row), stack([x, x], { axis: 1 }), { initializer: constant([0, 0]) });
  const [d] = gradients(reduceSum(totals.slice([0, 0], [2, 2])), x);
  expect(run([d])).toEqual([[4, 2, 0, 0]]);
});
