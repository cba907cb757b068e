import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from '../running.js';
import { gradient, int } from './values.js';

beforeEach(() => tl.resetDefaultGraph());

const squares = (v: tl.Tensor, options: tl.WhileOptions = {}): tl.Tensor =>
  tl.whileLoop(
    (x) => x.less(100),
    (x) => [x.square()],
    [v],
    options,
  )[0];

/** x doubled n times. */
const doubled = (x: tl.Tensor, n: number): tl.Tensor =>
  tl.whileLoop(
    (i) => i.less(n),
    (i, v) => [i.add(1), v.mul(2)],
    [int(0), x],
  )[1];

/** v times a until it is 100 or more. */
const products = (v: tl.Tensor, a: tl.Tensor | tl.Variable): tl.Tensor =>
  tl.whileLoop(
    (x) => x.less(100),
    (x) => [x.mul(a)],
    [v],
  )[0];

test.each([
  [
    'testWhileGrad_Square',
    (v: tl.Tensor) =>
      tl.cond(
        true,
        () => squares(v),
        () => v,
      ),
    2,
    1024,
  ],
  ['testWhileGrad_ColocateGradients', (v: tl.Tensor) => squares(v), 2, 1024],
  ['testWhileGrad_MultipleUses', (v: tl.Tensor) => squares(v).square(), 2, 524288],
  [
    'testWhileGrad_LoopAdd',
    (v: tl.Tensor) => {
      const r = squares(v);
      return r.add(r);
    },
    2,
    2048,
  ],
  ['testWhileGrad_NoGradient', (v: tl.Tensor) => squares(v, { backProp: false }).add(v), 2, 1],
  ['testWhileGrad_Dependency', (x: tl.Tensor) => doubled(x, 10), 2, 1024],
  ['testWhileGrad_SerialTwoLoops', (x: tl.Tensor) => doubled(doubled(x, 5), 5), 2, 1024],
  ['testWhileGrad_ParallelTwoLoops', (x: tl.Tensor) => doubled(x, 5).add(doubled(x, 5)), 2, 64],
  [
    'testNestedWhileGrad_Simple',
    (v: tl.Tensor) =>
      tl.whileLoop(
        (x) => x.less(2),
        (x) => [
          tl
            .whileLoop(
              (s) => s.less(4),
              (s) => [s.mul(2)],
              [x],
            )[0]
            .mul(2),
        ],
        [v],
      )[0],
    1,
    8,
  ],
  [
    'testNestedWhileGrad_SerialInner',
    (v: tl.Tensor) =>
      tl.whileLoop(
        (x) => x.less(128),
        (x) => [doubled(doubled(x, 4), 4)],
        [v],
      )[0],
    1,
    256,
  ],
  [
    'testNestedWhileGrad_ParallelInner',
    (v: tl.Tensor) =>
      tl.whileLoop(
        (x) => x.less(128),
        (x) => [doubled(x, 4).mul(doubled(x, 4))],
        [v],
      )[0],
    1,
    512,
  ],
  [
    'testNestedWhileCondWhileGrad, testNestedWhileCondWhileGradGpu',
    (v: tl.Tensor) =>
      tl.whileLoop(
        (x) => x.less(128),
        (x) => [
          tl.cond(
            tl.constant(true),
            () => doubled(x, 4).square(),
            () => x.mul(2),
          ),
        ],
        [v],
      )[0],
    1,
    512,
  ],
  [
    'testWhileCondGrad_Simple',
    (v: tl.Tensor) =>
      tl.whileLoop(
        (x) => x.less(100),
        (x) => [
          tl.cond(
            tl.constant(true),
            () => x.square(),
            () => x.sub(1),
          ),
        ],
        [v],
      )[0],
    2,
    1024,
  ],
  [
    'testWhileGradAfterSessionRun',
    (v: tl.Tensor) =>
      tl.whileLoop(
        () => true,
        (x) => [x.mul(x)],
        [v],
        { maximumIterations: 3 },
      )[0],
    2,
    1024,
  ],
  [
    'testNestedWhileGradAfterSessionRun',
    (v: tl.Tensor) =>
      tl.whileLoop(
        () => true,
        (w) =>
          tl.whileLoop(
            () => true,
            (x) => [x.mul(w)],
            [tl.constant(1)],
            { maximumIterations: 2 },
          ),
        [v],
        { maximumIterations: 3 },
      )[0],
    2,
    1024,
  ],
  [
    'testWhileGradInControlDeps',
    (v: tl.Tensor) =>
      tl.whileLoop(
        (i) => i.less(2),
        (i, x) => [i.add(1), x.pow(2)],
        [int(0), v],
      )[1],
    2,
    32,
  ],
  [
    'testWhileFuncBasic',
    (v: tl.Tensor) =>
      tl.whileLoop(
        (i) => i.less(2),
        (i, x) => [i.add(1), x.square().square()],
        [int(0), v],
      )[1],
    2,
    524288,
  ],
  [
    'testWhileGrad_Const',
    (v: tl.Tensor) =>
      tl.whileLoop(
        (i) => i.less(1),
        (i) => [i.add(1), tl.constant(1)],
        [int(0), v],
      )[1],
    0,
    0,
  ],
] as const)('%s', (_, build, at, want) => {
  const v = tl.constant(at);
  const y = build(v);
  // Values first, as a session may have been run before.
  run(y);
  expect(run(...tl.gradients(y, v, { unconnectedGradients: 'zero' }))).toEqual([want]);
});

test('testWhileGrad_Mul, testWhileGrad_Variable, testWhileGrad_ResourceVariable', () => {
  const [a, v, w] = [tl.constant(3), tl.constant(2), tl.variable(3)];
  expect(run(...tl.gradients(products(v, a), [a, v]), gradient(products(v, w), w))).toEqual([216, 81, 216]);
});

test('testWhileCondGrad_UnknownShape', () => {
  const v = tl.placeholder('float32');
  const [r] = tl.whileLoop(
    (x) => x.less(100),
    (x) => [
      tl.cond(
        tl.constant(true),
        () => x.square(),
        () => x.sub(1),
      ),
    ],
    [v],
  );
  expect(runWith([[v, 2]], gradient(r, v))).toEqual([1024]);
});

test('testWhileGrad_Shape', () => {
  const x = tl.placeholder('float32', [null]);
  const [, r] = tl.whileLoop(
    (i) => i.less(5),
    (i, v) => [i.add(1), x.mul(v)],
    [int(0), tl.constant([2])],
    { shapeInvariants: [[], undefined] },
  );
  const d = gradient(r, x);
  expect(d?.shape).toEqual([null]);
  expect(runWith([[x, [3, 4]]], d)).toEqual([[810, 2560]]);
});

test('testWhileGrad_BaseShape', () => {
  const x = tl.placeholder('float32', [null]);
  const [r] = tl.whileLoop(
    () => tl.constant(false),
    (v) => [v.mul(x)],
    [tl.constant([2, 2])],
    { shapeInvariants: [[null]] },
  );
  expect(runWith([[x, [1, 2]]], gradient([r, x.square()], x))).toEqual([[2, 4]]);
});

test('testWhileGrad_ys_xs', () => {
  const [x, y] = [tl.constant(3), tl.constant(2)];
  const [rx, ry] = tl.whileLoop(
    (a) => a.less(100),
    (a, b) => [a.mul(a.add(b)), a.add(b)],
    [x, y],
  );
  expect(run(gradient([rx, ry], x), gradient([rx, ry], y), gradient(rx, x), gradient(rx, y))).toEqual([
    304, 124, 295, 120,
  ]);
});

test('testWhileGrad_NoDependency', () => {
  const v = tl.variable(tl.ones([2, 3]));
  const [, , t] = tl.whileLoop(
    (i) => i.less(10),
    (i, a) => [i.add(1), a, a],
    [int(0), v.value(), v.value()],
  );
  expect(run(gradient(t.reduceSum(), v))).toEqual([
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
  ]);
});

test('testWhileGrad_OneOutputWithControlDependencyOnSecond', () => {
  const [x, y] = [tl.constant(1), tl.constant(1)];
  const [, xf, yf] = tl.whileLoop(
    (i) => i.less(1),
    (i, a, b) => [i.add(1), tl.identity(a), a.add(b)],
    [int(0), x, y],
  );
  const d = tl.controlDependencies([xf], () => tl.identity(yf));
  expect(run(d, gradient(d, x))).toEqual([2, 1]);
});

test('testWhileWithRefsWithGradients_1', () => {
  const x = tl.variable(0);
  const [i, r] = tl.whileLoop(
    (k) => k.less(10),
    (k, v) => [k.add(1), tl.identity(v)],
    [int(0), x.value()],
  );
  expect(run(i, r, ...tl.gradients(r, x, { gradYs: 73 }))).toEqual([10, 0, 73]);
});

test('testCallGradInLoop', () => {
  const params = tl.constant(5);
  const squared = params.square();
  const [, r] = tl.whileLoop(
    (i) => i.less(10),
    (i, x) => [i.add(1), x.add(gradient(tl.constant([1, 2, 3]).mul(squared), params) ?? expect.fail('no gradient'))],
    [int(0), tl.constant(0)],
  );
  expect(run(r)).toEqual([600]);
});

test('testWhileAndTensorArray', () => {
  const param = tl.constant(2);
  const [, r] = tl.whileLoop(
    (i) => i.less(10),
    (i, y) => [i.add(1), tl.mapFn((x) => x.mul(param), y)],
    [int(0), tl.constant([1, 2, 3, 4, 5, 6])],
  );
  expect(run(gradient(r, param))).toEqual([107520]);
});

test('testWhileGrad_StopGrad', () => {
  const [x, y] = [tl.constant(3), tl.constant(2)];
  const [rx, ry] = tl.whileLoop(
    (a) => a.less(100),
    (a, b) => [a.square().add(b.square()), b.square()],
    [x, y],
  );
  const stop = tl.stopGradient;
  for (const t of [stop(rx), stop(ry), stop(rx.square()), stop(rx.add(ry))])
    expect(tl.gradients(t, [x, y])).toEqual([null, null]);
  const ys = [rx, ry, rx.add(ry), rx.add(stop(ry)), stop(rx).add(ry)];
  expect(run(...ys.map((t) => gradient(t, y)))).toEqual([136, 32, 168, 136, 32]);
});

test('testWhileGrad_StopGradInside, testWhileGrad_StopGradInsideNoShape', () => {
  const loop = (x: tl.Tensor, y: tl.Tensor): (tl.Tensor | null)[] => {
    const [rx] = tl.whileLoop(
      (a) => a.reduceSum().less(100),
      (a, b) => {
        const y1 = tl.stopGradient(b.square());
        return [a.square().add(y1), y1];
      },
      [x, y],
    );
    return tl.gradients(rx, [y, x], { unconnectedGradients: 'zero' });
  };
  expect(run(...loop(tl.constant(3), tl.constant(2)))).toEqual([0, 156]);
  const [x, y] = [tl.placeholder('float32'), tl.placeholder('float32')];
  expect(
    runWith(
      [
        [x, [3, 4]],
        [y, [2, 3]],
      ],
      ...loop(x, y),
    ),
  ).toEqual([
    [0, 0],
    [156, 400],
  ]);
});

test('testStopGradOnWhileGrad', () => {
  const [x, y] = [tl.constant(2), tl.constant(2)];
  const rx = products(x, y);
  const rg = tl.stopGradient(gradient(rx, y) ?? expect.fail());
  expect(run(gradient(y.square().add(rx).add(rg), y))).toEqual([388]);
});
