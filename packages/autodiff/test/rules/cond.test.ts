import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  cond,
  constant,
  greater,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  scan,
  whileLoop,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

const sides = [0.7, -0.7];

test.each(sides)('either branch, orders 1 and 2 (x = %f)', (x) => {
  checkGradients({
    inputs: [Float64Array.of(x, 0.3), Float64Array.of(1.5, -0.4)],
    order: 2,
    build: ([a, b]) =>
      cond(
        greater(reduceSum(a.slice([0], [1])), 0),
        () => a.tanh().mul(b).sin(),
        () => a.exp().mul(a),
      ),
  });
});

test.each(sides)('a branch that ignores an input gives it zeros (x = %f)', (x) => {
  const p = placeholder('float32', [], { name: 'p' });
  const [a, b] = [constant(2), constant(3)];
  const y = cond(
    greater(p, 0),
    () => a.mul(a),
    () => b.mul(5),
  );
  const found = gradients(y, [a, b]);
  const session = new Session({ backend: reference() });
  const live = found.filter((t): t is Tensor => t !== null);
  expect(session.runSync(live, [[p, x]]).map((v) => v.item())).toEqual(x > 0 ? [4, 0] : [0, 5]);
  session.close();
});

test.each(sides)('a loop in a branch, orders 1 and 2 (x = %f)', (x) => {
  checkGradients({
    inputs: [Float64Array.of(x)],
    order: 2,
    build: ([a]) =>
      cond(
        greater(reduceSum(a), 0),
        () =>
          whileLoop(
            (i) => i.less(3),
            (i, y) => [i.add(1), y.mul(a).sin()],
            [constant(0, { dtype: 'int32' }), a],
          )[1],
        () => a.mul(a),
      ),
  });
});

test('a branch in a loop, taken at some steps only, orders 1 and 2', () => {
  checkGradients({
    inputs: [Float64Array.of(0.6, -0.8, 0.4, -0.1), Float64Array.of(0.9)],
    order: 2,
    build: ([xs, start]) =>
      scan(
        (h, x) =>
          cond(
            greater(x, 0),
            () => h.mul(x).tanh(),
            () => h.add(x.mul(x).mul(h)),
          ),
        xs,
        { initializer: start.reshape([]) },
      ),
  });
});

test('a branch in a branch, orders 1 and 2', () => {
  checkGradients({
    inputs: [Float64Array.of(0.6), Float64Array.of(-0.8)],
    order: 2,
    build: ([a, b]) =>
      cond(
        greater(reduceSum(a), 0),
        () =>
          cond(
            greater(reduceSum(b), 0),
            () => a.mul(b),
            () => a.sin().mul(b).exp(),
          ),
        () => a,
      ),
  });
});
