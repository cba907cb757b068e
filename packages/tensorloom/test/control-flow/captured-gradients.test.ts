import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from '../running.js';
import { gradient, int } from './values.js';

beforeEach(() => tl.resetDefaultGraph());

test('testWhileGrad_EagerResourceVariable', () => {
  const [a, v] = [tl.variable(tl.ones([2, 2])), tl.constant(1)];
  const [, r] = tl.whileLoop(
    (i) => i.less(2),
    (i, x) => [i.add(1), x.mul(a.reduceSum()).mul(v)],
    [int(0), tl.constant(1)],
  );
  expect(run(gradient(r, v))).toEqual([32]);
});

test('testWhileGrad_ResourceVarInFunctionCall, testWhileGrad_ResourceVarInNestedFunctionCall', () => {
  const v = tl.variable([1, 2, 3, 4]);
  const [, r] = tl.whileLoop(
    (i) => i.less(2),
    (i, x) => [i.add(1), x.add(tl.gather(v, [1, 3]).reduceSum())],
    [int(0), tl.constant(0)],
  );
  expect(run(gradient(r, v))).toEqual([[0, 2, 0, 2]]);
});

test('testWhileGrad_ResourceVarInLoopInFunctionCall', () => {
  const v = tl.variable([1, 1, 1, 1]);
  const inner = (x: tl.Tensor): tl.Tensor =>
    tl.whileLoop(
      (j) => j.less(3),
      (j, y) => [j.add(1), y.add(tl.gather(v, [1, 2]).reduceSum())],
      [int(0), x],
    )[1];
  const [, r] = tl.whileLoop(
    (i) => i.less(2),
    (i, x) => [i.add(1), inner(x)],
    [int(0), tl.constant(0)],
  );
  expect(run(gradient(r, v))).toEqual([[0, 6, 6, 0]]);
});

test('testWhileCondGrad_ResourceVarInFunctionCall', () => {
  const [v1, v2] = [tl.variable([1, 2, 3]), tl.variable([4, 5])];
  const [, r] = tl.whileLoop(
    (i) => i.less(4),
    (i, x) => [
      i.add(1),
      tl.cond(
        tl.equal(tl.mod(i, 2), int(0)),
        () => x.add(tl.gather(v1, 1)),
        () => x.add(tl.gather(v2, 1)),
      ),
    ],
    [int(0), tl.constant(0)],
  );
  expect(run(...tl.gradients(r, [v1, v2]))).toEqual([
    [0, 2, 0],
    [0, 2],
  ]);
});

test('testWhileGrad_ResourceVarSparseRead', () => {
  const v = tl.variable(tl.ones([5]));
  const [, r] = tl.whileLoop(
    (i) => i.less(3),
    (i, x) => [i.add(1), x.mul(tl.gather(v, [1, 3]).reduceSum())],
    [int(0), tl.constant(1)],
  );
  expect(run(gradient(r, v))).toEqual([[0, 12, 0, 12, 0]]);
});

test('testWhileGrad_MultiResourceVarSparseRead', () => {
  const [v1, v2] = [tl.variable(tl.ones([5])), tl.variable(tl.ones([3]))];
  const [, ...r] = tl.whileLoop(
    (i) => i.less(3),
    (i, _, x2, x3) => [i.add(1), tl.gather(v1, [1, 3]), x2.mul(2), x3.mul(tl.gather(v2, [0]).reduceSum())],
    [int(0), tl.constant([0, 0]), tl.constant(1), tl.constant(1)],
  );
  expect(run(...tl.gradients(r, [v1, v2]))).toEqual([
    [0, 1, 0, 1, 0],
    [3, 0, 0],
  ]);
});

test.each([
  ['testWhileGrad_Gather', true, 8, 24],
  ['testWhileGrad_GatherNoFanOut', false, 1, 3],
] as const)('%s: the row gathered is that of the loop variable', (_, add, value, want) => {
  const x = tl.ones([5]);
  const [, y] = tl.whileLoop(
    (i) => i.less(3),
    (i, v) => [i.add(1), add ? v.add(tl.gather(v, [0])) : tl.gather(v, [0])],
    [int(0), tl.slice(x, [0], [1])],
  );
  expect(run(y, gradient(y.mul(3), x))).toEqual([[value], [want, 0, 0, 0, 0]]);
});

test('testWhileGradInCond', () => {
  const [n, x] = [tl.constant(1), tl.placeholder('float32')];
  const r = tl.cond(
    tl.constant(true),
    () =>
      gradient(
        tl.whileLoop(
          (v) => v.less(10),
          (v) => [v.add(x)],
          [n],
          { shapeInvariants: [undefined] },
        )[0],
        x,
      ) ?? expect.fail(),
    () => x,
  );
  expect(runWith([[x, 1]], r)).toEqual([9]);
});

test('testWhileGradInWhile', () => {
  const [n, x] = [tl.constant(1), tl.placeholder('float32')];
  const [r] = tl.whileLoop(
    (v) => v.less(6),
    (v) => [
      gradient(
        tl.whileLoop(
          (w) => w.less(10),
          (w) => [w.add(x)],
          [v],
          { shapeInvariants: [undefined] },
        )[0],
        x,
      ) ?? expect.fail(),
    ],
    [n],
    { shapeInvariants: [undefined] },
  );
  expect(runWith([[x, 1]], r)).toEqual([9]);
});

test('testCondGradInNestedWhiles', () => {
  const inner = (): tl.Tensor =>
    tl.whileLoop(
      (j) => j.less(3),
      (j, x) => [
        j.add(1),
        gradient(
          tl.cond(
            x.less(1),
            () => x.mul(2),
            () => x,
          ),
          x,
        ) ?? expect.fail(),
      ],
      [int(0), tl.constant(0)],
    )[1];
  const [i, x] = tl.whileLoop(
    (k) => k.less(3),
    (k) => [k.add(1), inner()],
    [int(0), tl.constant(0)],
  );
  expect(run(i, x)).toEqual([3, 1]);
});

test('testNestedResourceAccess: 4, where the first control flow of TensorFlow is wrong', () => {
  const [v, x] = [tl.variable(3), tl.constant(0)];
  const [, r] = tl.whileLoop(
    (i) => i.less(2),
    (i, y) => [
      i.add(1),
      y.add(
        tl.cond(
          tl.constant(true),
          () =>
            tl.whileLoop(
              (j) => j.less(3),
              (j, z) => [j.add(1), z.add(tl.square(v))],
              [int(0), y],
            )[1],
          () => 0,
        ),
      ),
    ],
    [int(0), x],
  );
  expect(run(r, gradient(r, x))).toEqual([81, 4]);
});

test('testGpuResourceAccess', () => {
  const v = tl.variable(3);
  const [, r] = tl.whileLoop(
    (i) => i.less(3),
    (i, x) => [
      i.add(1),
      tl.cond(
        tl.constant(true),
        () => x.add(v),
        () => x,
      ),
    ],
    [int(0), tl.constant(0)],
  );
  expect(run(r)).toEqual([9]);
});
