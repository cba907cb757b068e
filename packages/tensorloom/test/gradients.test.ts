import { beforeEach, describe, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

const integer = (k: number): tl.Tensor => tl.constant(k, { dtype: 'int32' });

describe('xs', () => {
  test('one or an array: always an array back', () => {
    const x = tl.constant(3);
    expect(tl.gradients(x.square(), x)).toHaveLength(1);
    expect(tl.gradients(x.square(), [x])).toHaveLength(1);
    expect(tl.gradients(x.square(), [])).toEqual([]);
  });

  test('the same x twice gets its gradient twice', () => {
    const x = tl.constant(3);
    expect(run(...tl.gradients(x.square(), [x, x]))).toEqual([6, 6]);
  });

  test('y among the xs', () => {
    const x = tl.constant(3);
    const y = x.square();
    expect(run(...tl.gradients(y, [y, x]))).toEqual([1, 6]);
    expect(run(...tl.gradients([y, y.mul(5)], [y]))).toEqual([6]);
  });

  test('intermediate tensors get what flows through them, and what goes by them does not count', () => {
    const x = tl.constant(3);
    const h = x.square();
    const y = h.mul(2).add(x);
    expect(run(...tl.gradients(y, [h, x]))).toEqual([2, 13]);
  });

  test('a variable, its value and a later read of it', () => {
    const v = tl.variable([1, 2]);
    const y = v.mul(3).reduceSum();
    expect(run(...tl.gradients(y, v), ...tl.gradients(y, [v, v.value()]))).toEqual([
      [3, 3],
      [3, 3],
      [3, 3],
    ]);
  });

  test('integers and unconnected tensors: null, or zeros on request', () => {
    const [x, other, i] = [tl.constant([1, 2]), tl.constant([[4]]), integer(2)];
    const y = x.mul(tl.cast(i, 'float32'));
    expect(tl.gradients(y, [other, i])).toEqual([null, null]);
    expect(run(...tl.gradients(y, [other, i, x], { unconnectedGradients: 'zero' }))).toEqual([[[0]], 0, [2, 2]]);
  });

  test('zeros of a shape that only a run knows', () => {
    const other = tl.placeholder('float32', [null]);
    const [d] = tl.gradients(tl.constant(1).square(), other, { unconnectedGradients: 'zero' });
    expect(runWith([[other, [5, 6, 7]]], d)).toEqual([[0, 0, 0]]);
  });
});

describe('ys', () => {
  test('several are summed, each weighted by its gradY; null stands for ones', () => {
    const x = tl.constant([1, 2]);
    const ys = [x.square(), x.reduceSum(), x.mul(3)];
    expect(run(...tl.gradients(ys, x))).toEqual([[6, 8]]);
    expect(run(...tl.gradients(ys, x, { gradYs: [[1, 10], 100, null] }))).toEqual([[105, 143]]);
  });

  test('the same y twice counts twice', () => {
    const x = tl.constant(3);
    const y = x.square();
    expect(run(...tl.gradients([y, y], x))).toEqual([12]);
  });

  test('a y inside the way to another', () => {
    const x = tl.constant(3);
    const y = x.square();
    const z = y.square();
    expect(run(...tl.gradients([z, y], x))).toEqual([4 * 27 + 6]);
  });

  test('gradYs may depend on x: they are held to be weights', () => {
    const x = tl.constant(3);
    expect(run(...tl.gradients(x.square(), x, { gradYs: x }))).toEqual([18]);
    // Differentiated again, they count.
    const [d] = tl.gradients(x.square(), x, { gradYs: x });
    expect(run(...tl.gradients(d ?? x, x))).toEqual([12]);
  });

  test('one gradY per y', () => {
    const x = tl.constant(3);
    expect(() => tl.gradients([x, x], x, { gradYs: [1] })).toThrow('gradients: expected 2 gradYs, one per y, got 1.');
    expect(() => tl.gradients([], x)).toThrow('gradients: expected at least one y.');
  });
});

describe('stopGradients', () => {
  test('hold tensors constant; an x that is stopped has its own gradient still', () => {
    const x = tl.constant(3);
    const h = x.square();
    const y = h.mul(x);
    expect(run(...tl.gradients(y, [x, h], { stopGradients: [h] }))).toEqual([9, 3]);
    expect(tl.gradients(h.mul(2), x, { stopGradients: [h] })).toEqual([null]);
  });

  test("TensorFlow's partial derivatives: a is held, b = 2a is held", () => {
    const a = tl.constant(0);
    const b = a.mul(2);
    expect(run(...tl.gradients(a.add(b), [a, b], { stopGradients: [a, b] }))).toEqual([1, 1]);
    expect(run(...tl.gradients(a.add(b), [a, b]))).toEqual([3, 1]);
  });

  test('a variable', () => {
    const [v, x] = [tl.variable(3), tl.constant(2)];
    const y = v.mul(x);
    expect(run(...tl.gradients(y, [x, v], { stopGradients: [v] }))).toEqual([3, 2]);
  });
});

describe('inside bodies', () => {
  test('a loop that descends: x <- x - 0.25 d(x^2)/dx', () => {
    const [, x] = tl.whileLoop(
      (i) => i.less(3),
      (i, v) => [i.add(1), v.sub(tl.gradients(v.square(), v)[0]?.mul(0.25) ?? v)],
      [integer(0), tl.constant(8)],
    );
    expect(run(x)).toEqual([1]);
  });

  test('of a value that the loop captures, computed in the body', () => {
    const a = tl.constant(5);
    const [, total] = tl.whileLoop(
      (i) => i.less(3),
      (i, s) => [i.add(1), s.add(tl.gradients(s.add(1).mul(a), a)[0] ?? s)],
      [integer(0), tl.constant(0)],
    );
    // s <- s + (s + 1): 1, 3, 7
    expect(run(total)).toEqual([7]);
  });

  test('of outer tensors by outer tensors, asked for in a body', () => {
    const a = tl.constant(5);
    const y = a.square();
    const [, total] = tl.whileLoop(
      (i) => i.less(3),
      (i, s) => [i.add(1), s.add(tl.gradients(y, a)[0] ?? s)],
      [integer(0), tl.constant(0)],
    );
    expect(run(total)).toEqual([30]);
  });

  test('in a branch, through a branch', () => {
    const x = tl.constant(3);
    const y = tl.cond(
      x.greater(0),
      () =>
        tl.gradients(
          tl.cond(
            x.greater(1),
            () => x.pow(3),
            () => x,
          ),
          x,
        )[0] ?? x,
      () => x,
    );
    expect(run(y, ...tl.gradients(y, x))).toEqual([27, 18]);
  });

  test('of a loop inside a loop inside a branch, by what all of them capture', () => {
    const a = tl.constant(2);
    const power = (k: number): tl.Tensor =>
      tl.whileLoop(
        (i) => i.less(k),
        (i, v) => [i.add(1), v.mul(a)],
        [integer(0), tl.constant(1)],
      )[1];
    const y = tl.cond(
      a.greater(0),
      () =>
        tl.whileLoop(
          (i) => i.less(2),
          (i, v) => [i.add(1), v.add(power(3))],
          [integer(0), tl.constant(0)],
        )[1],
      () => a,
    );
    const [d] = tl.gradients(y, a);
    const [dd] = tl.gradients(d ?? a, a);
    const [ddd] = tl.gradients(dd ?? a, a);
    // 2 a^3
    expect(run(y, d, dd, ddd)).toEqual([16, 24, 24, 12]);
  });

  test('a weight made in the body, for a y outside', () => {
    const x = tl.constant([1, 2, 3]);
    const y = x.square();
    const rows = tl.mapFn((w) => tl.gradients(y, x, { gradYs: w })[0] ?? w, tl.eye(3));
    expect(run(rows)).toEqual([
      [
        [2, 0, 0],
        [0, 4, 0],
        [0, 0, 6],
      ],
    ]);
  });

  test('rows of a jacobian one by one, by what is outside: through ops and loops', () => {
    const x = tl.constant([1, 2, 3]);
    const y = x.square();
    const [, z] = tl.whileLoop(
      (i) => i.less(2),
      (i, v) => [i.add(1), v.mul(x)],
      [integer(0), x],
    );
    const row = (t: tl.Tensor) => (i: tl.Tensor) => tl.gradients(t.gather(i), x)[0] ?? expect.fail('no gradient');
    const rows = [y, z].map((t) => tl.mapFn(row(t), tl.range(3)));
    const diagonal = ([a, b, c]: readonly number[]): number[][] => [
      [a, 0, 0],
      [0, b, 0],
      [0, 0, c],
    ];
    expect(run(...rows)).toEqual([diagonal([2, 4, 6]), diagonal([3, 12, 27])]);
    expect(run(...tl.gradients(rows, x))).toEqual([[2 + 6, 2 + 12, 2 + 18]]);
  });

  test('two bodies deep, by what is outside of both; stopped on the way', () => {
    const x = tl.constant(3);
    const y = x.square();
    const deep = (stopGradients: readonly tl.Tensor[]): tl.Tensor =>
      tl.mapFn(
        (a) =>
          tl.mapFn(
            (b) => tl.gradients(y.mul(a).mul(b).add(x), x, { stopGradients })[0] ?? expect.fail('none'),
            tl.constant([1, 2]),
          ),
        tl.constant([1, 10]),
      );
    expect(run(deep([]), deep([y]))).toEqual([
      [
        [7, 13],
        [61, 121],
      ],
      [
        [1, 1],
        [1, 1],
      ],
    ]);
  });

  test('a loop that assigns to a variable is refused by name', () => {
    const [v, x] = [tl.variable(0, { name: 'counter' }), tl.constant(2)];
    const [, y] = tl.whileLoop(
      (i) => i.less(3),
      (i, s) => [i.add(1), tl.controlDependencies([v.assignAdd(1)], () => s.mul(x))],
      [integer(0), tl.constant(1)],
    );
    expect(() => tl.gradients(y, x)).toThrow(/assigns to variable 'counter/);
  });
});

test('orders 1 to 4 of x^4 in a loop', () => {
  const x = tl.constant(2);
  const [, y] = tl.whileLoop(
    (i) => i.less(2),
    (i, v) => [i.add(1), v.square()],
    [integer(0), x],
  );
  const ds = [y];
  for (let k = 0; k < 4; k++) ds.push(tl.gradients(ds[k], x)[0] ?? x);
  expect(run(...ds)).toEqual([16, 32, 48, 48, 24]);
});

test('gradients live in the scope of their name', () => {
  const x = tl.constant(3);
  const [d] = tl.gradients(x.square(), x);
  const [named] = tl.gradients(x.square(), x, { name: 'back' });
  expect([d?.name.split('/')[0], named?.name.split('/')[0]]).toEqual(['gradients', 'back']);
});
