import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from '../running.js';
import { gradient, int } from './values.js';

beforeEach(() => tl.resetDefaultGraph());

test('testCondInt', () => {
  const p = tl.placeholder('bool', []);
  const v = int(10);
  const y = tl.cond(
    p,
    () => v.add(int(1)),
    () => v.sub(int(1)),
  );
  expect(() => tl.gradients(y, v)).toThrow(/is int32, expected float32 or float64/);
  expect(tl.gradients(tl.cast(y, 'float32'), v)).toEqual([null]);
});

test('testCondGrad_1', () => {
  const x = tl.constant(10);
  const r = tl.cond(
    tl.constant(true),
    () => tl.identity(x),
    () => tl.identity(x),
  );
  expect(run(gradient(r, x))).toEqual([1]);
});

test('testCondGrad_2', () => {
  const c = tl.placeholder('int32', []);
  const x = tl.constant(10);
  const r = tl.cond(
    tl.less(c, int(2)),
    () => x.mul(42),
    () => x.mul(3),
  );
  const d = gradient(r, x);
  expect([runWith([[c, 1]], d), runWith([[c, 3]], d)]).toEqual([[42], [3]]);
});

test('testCondGrad_3', () => {
  const c = tl.placeholder('int32', []);
  const ox = tl.constant(10);
  const y = ox.mul(7);
  const r = tl.cond(
    tl.less(c, int(2)),
    () => gradient(y.mul(y), ox) ?? expect.fail('no gradient'),
    () => ox.mul(3),
  );
  expect([runWith([[c, 1]], r), runWith([[c, 3]], r)]).toEqual([[980], [30]]);
});

test('testCondComputeGradAfterSessRun, testCondComputeGradAfterSessRunFails', () => {
  const x = tl.constant(10);
  const r = tl.cond(
    tl.constant(true),
    () => x.mul(x).square(),
    () => x.mul(x),
  );
  expect(run(r)).toEqual([10000]);
  expect(run(gradient(r, x))).toEqual([4000]);
});

test('testNestedCondComputeGradAfterSessRun', () => {
  const x = tl.constant(10);
  const square = (): tl.Tensor => x.mul(x);
  const r = tl.cond(tl.constant(true), () => tl.cond(tl.constant(true), () => square().square(), square), square);
  expect(run(r)).toEqual([10000]);
  expect(run(gradient(r, x))).toEqual([4000]);
});

test('testCondGradMultiDevice: the second derivative too', () => {
  const pred = tl.placeholder('bool', []);
  const [x, y] = [tl.placeholder('float32'), tl.placeholder('float32')];
  const z = tl.cond(
    pred,
    () => x.mul(y).mul(2),
    () => 2,
  );
  const d = gradient(z, x);
  const at = (p: boolean): unknown[] =>
    runWith(
      [
        [pred, p],
        [x, 1],
        [y, 2],
      ],
      d,
    );
  expect([at(true), at(false)]).toEqual([[4], [0]]);
  // TensorFlow's first control flow gives none, its second zeros.
  expect(gradient(d ?? x, x)).toBeNull();
});

test.each([true, false])('testNestedCond_Simple: %s', (pred) => {
  const x = tl.constant(0);
  const y = tl.cond(
    tl.constant(pred),
    () => x,
    () =>
      tl.cond(
        x.less(1),
        () => x,
        () => x,
      ),
  );
  expect(run(gradient(y, x))).toEqual([1]);
});

test('testCondGrad_Gather', () => {
  const v = tl.variable([1, 42]);
  const c = tl.placeholder('int32', []);
  const r = tl.cond(
    tl.less(c, int(2)),
    () => tl.identity(v.value()),
    () => tl.gather(v, [1, 1]),
  );
  const d = gradient(r, v);
  expect([runWith([[c, 1]], d), runWith([[c, 3]], d)]).toEqual([[[1, 1]], [[0, 2]]]);
});

const rows = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
];

test('testCondGrad_ResourceVarSparseRead', () => {
  const v = tl.variable(tl.ones([4, 2]));
  const x = tl.constant(1);
  const r = tl.cond(
    tl.constant(true),
    () => x.mul(tl.gather(v, [1, 2]).reduceSum()),
    () => tl.zeros([2, 3]),
  );
  expect(run(gradient(r, v))).toEqual([rows]);
});

test('testCondGrad_MultiGather', () => {
  const v = tl.variable(tl.ones([4, 2]));
  const [x1, x2] = [tl.ones([3, 3]), tl.constant(2)];
  const r = tl.cond(
    tl.constant(true),
    () => [tl.gather(v, [1, 2]), tl.gather(x1, [2]).mul(x2), x2.mul([1, 1, 1])],
    () => [tl.zeros([2, 2]), tl.gather(x1, [2]).mul(x2), tl.gather(x1, [2])],
  );
  expect(run(...tl.gradients(r, [v, x1, x2]))).toEqual([
    rows,
    [
      [0, 0, 0],
      [0, 0, 0],
      [2, 2, 2],
    ],
    6,
  ]);
});

test.each(['float32', 'float64'] as const)('testCondResourceGrad: %s', (dtype) => {
  const v = tl.variable(tl.constant([7], { dtype }));
  const r = tl.cond(
    tl.constant(false),
    () => tl.constant([3], { dtype }),
    () => v.value(),
  );
  expect(run(gradient(r, v))).toEqual([[1]]);
});

test('testCondWithTensorArrayGrad', () => {
  const pred = tl.placeholder('bool', []);
  const x = tl.constant([1, 2, 3]);
  const y = tl.cond(
    pred,
    () => tl.mapFn((z) => z.mul(2), x),
    () => tl.constant([1, 1, 1]),
  );
  const d = gradient(y, x);
  expect([runWith([[pred, true]], d), runWith([[pred, false]], d)]).toEqual([[[2, 2, 2]], [[0, 0, 0]]]);
});

test('testCondWhile_3', () => {
  const p = tl.placeholder('bool', []);
  const n = tl.constant(0);
  const r = tl.cond(
    p,
    () =>
      tl.whileLoop(
        (x) => x.less(10),
        (x) => [x.add(1)],
        [n],
      )[0],
    () => n.mul(2),
  );
  const at = (v: boolean): unknown[] => runWith([[p, v]], r, gradient(r, n));
  expect([at(true), at(false)]).toEqual([
    [10, 1],
    [0, 2],
  ]);
});
