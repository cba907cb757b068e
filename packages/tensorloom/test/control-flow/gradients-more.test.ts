import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from '../running.js';
import { gradient, int } from './values.js';

beforeEach(() => tl.resetDefaultGraph());

test('testWhileCondGradMultiDevice', () => {
  const pred = tl.placeholder('bool', []);
  const x = tl.constant(1);
  const [, z] = tl.whileLoop(
    (i) => i.less(3),
    (i, v) => [
      i.add(1),
      tl.cond(
        pred,
        () => v.mul(2),
        () => 10,
      ),
    ],
    [int(0), x],
  );
  const d = gradient(z, x);
  expect([runWith([[pred, true]], d), runWith([[pred, false]], d)]).toEqual([[8], [0]]);
});

test('testGradInWhileWrtInitialLoopVal: none, where TensorFlow refuses', () => {
  const x = tl.placeholder('float32', []);
  tl.whileLoop(
    (i) => i.less(3),
    (i, v) => {
      expect(gradient(v.mul(2), x)).toBeNull();
      return [i.add(1), v];
    },
    [int(0), x.add(1)],
  );
});

test('testWhileGrad_Concat', () => {
  const x = tl.variable([[1, 2]]);
  const [, h] = tl.whileLoop(
    (i) => i.less(2),
    (i, v) => [i.add(1), tl.concat([v, x], 0)],
    [int(0), tl.zeros([0, 2])],
    { shapeInvariants: [[], [null, 2]] },
  );
  expect(run(gradient(h.reduceSum(), x))).toEqual([[[2, 2]]]);
});

test('testWhileGradGradFail: there is a second derivative', () => {
  const theta = tl.variable(1);
  const result = tl.scan((a, x) => a.add(x.mul(tl.square(theta))), tl.constant([1, 2, 3]), { initializer: 0 });
  const d = gradient(result, theta);
  expect(run(d, gradient(d ?? result, theta))).toEqual([20, 20]);
  expect(gradient(tl.stopGradient(d ?? result), theta)).toBeNull();
});

test('testWhileGradientWithNontrainablePath1', () => {
  const q = tl.variable([7, 8]);
  const [, y] = tl.whileLoop(
    () => false,
    (x) => [x, tl.cast(x, 'float32').add(tl.reduceSum(q))],
    [tl.argMin(q), tl.constant(0)],
  );
  expect(run(gradient(y, q))).toEqual([[0, 0]]);
});

test('testStopGradMultiFlows', () => {
  const x = tl.variable(1);
  const [, , r] = tl.whileLoop(
    (i) => i.less(1),
    (i, y, s) => [i.add(1), y.mul(x), s.add(y.mul(x).reduceSum())],
    [int(0), tl.ones([5]), tl.constant(0)],
  );
  const z = r.add(tl.stopGradient(gradient(r, x) ?? r));
  expect(run(gradient(z, x))).toEqual([5]);
});
