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

test('testWhileGradientWithNontrainablePath2', () => {
  const q = tl.variable([7, 8]);
  const [, y] = tl.whileLoop(
    (_, v) => v.equal(0),
    (x) => [int(0), tl.cast(x, 'float32').add(tl.reduceSum(q))],
    [tl.argMin(q), tl.constant(0)],
  );
  expect(run(y, gradient(y, q))).toEqual([15, [1, 1]]);
});

test('testNestedWhileGrad_ParallelIterations', () => {
  const v = tl.variable(3);
  const inner = (row: tl.Tensor): tl.Tensor =>
    tl.mapFn((n) => n.add(v.value().square()), row, { parallelIterations: 10 });
  const x = tl.constant([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const res = tl.mapFn(inner, x, { parallelIterations: 10 });
  const loss = tl.reduceMean(res.square());
  // The mean of 2 (x + 9) 2 v is 12 * 12.5.
  expect(run(gradient(loss, v))).toEqual([150]);
  const train = new tl.train.AdamOptimizer({ learningRate: 0.001 }).minimize(loss);
  const session = new tl.Session();
  session.runSync(tl.globalVariablesInitializer());
  session.runSync(train);
  expect(session.runSync(v).item()).toBeCloseTo(2.999, 6);
  session.close();
});

test('testIssue16504: gradients inside the body, and of the loop', () => {
  const n = 100;
  const c = tl.range(0, n, 1, { dtype: 'float32' });
  const [k, w] = tl.whileLoop(
    (i, _, change) => tl.logicalAnd(i.less(10), change.greater(1e-3)),
    (i, weights) => {
      const d = gradient(weights.mul(c).reduceSum().neg(), weights) ?? expect.fail('no gradient');
      const moved = weights.mul(tl.exp(d.mul(-0.1)));
      const next = moved.div(moved.reduceSum());
      return [i.add(1), next, next.sub(weights).abs().reduceSum().div(weights.abs().reduceSum())];
    },
    [int(0), tl.fill([n], 1 / n), tl.constant(Infinity)],
  );
  // In the end w is the softmax of 0.1 k c: the derivative of its last entry by c_j is 0.1 k w_last (1 at the last - w_j).
  const [trips, weights, found] = run(k, w, gradient(w.slice([n - 1], [1]), c));
  const [ws, ds] = [weights as number[], found as number[]];
  const last = ws[n - 1];
  ds.forEach((d, j) => {
    expect(d).toBeCloseTo(0.1 * (trips as number) * last * ((j === n - 1 ? 1 : 0) - ws[j]), 4);
  });
});

test('testNestedWhileAndTensorArray', () => {
  const n = tl.constant(3);
  const [, table] = tl.whileLoop(
    (row) => row.lessEqual(n),
    (row, ta) => {
      const [, , written] = tl.whileLoop(
        (_, col) => col.lessEqual(n),
        (r, col, t) => [r, col.add(1), t.write(tl.cast(n.mul(r.sub(1)).add(col).sub(1), 'int32'), r.mul(col))],
        [row, tl.constant(1), ta],
      );
      return [row.add(1), written];
    },
    [tl.constant(1), new tl.TensorArray('float32', 9)],
  );
  expect(run(tl.reshape(table.stack(), [3, 3]))).toEqual([
    [
      [1, 2, 3],
      [2, 4, 6],
      [3, 6, 9],
    ],
  ]);
});

test('testLoopWithTensorListPushBack: an array written twice a trip', () => {
  const x = tl.constant(2);
  const [y, ta] = tl.whileLoop(
    (v) => v.less(5),
    (v, t) => [v.square(), t.write(t.size(), v).write(t.size().add(1), tl.constant(100))],
    [x, new tl.TensorArray('float32', 0, { dynamicSize: true, elementShape: [] })],
  );
  expect(run(y, gradient(y, x), ta.stack(), gradient(ta.stack(), x))).toEqual([16, 32, [2, 100, 4, 100], 5]);
});

test('testNestedWhileLoopWithMaxItersFromOuterContextInXLAContext: gradients three loops deep, as often as a size says', () => {
  const v = tl.constant(1);
  const p = tl.placeholder('int32', [null]);
  const iterations = (): tl.Tensor => tl.size(p);
  /** `trips` times x <- step(x). */
  const repeat = (trips: tl.TensorLike, x: tl.Tensor, step: (x: tl.Tensor) => tl.Tensor): tl.Tensor =>
    tl.whileLoop(
      () => true,
      (_, y) => [tl.constant(0), step(y)],
      [tl.constant(0), x],
      { maximumIterations: trips },
    )[1];
  const middle = (x: tl.Tensor): tl.Tensor => {
    const inner = repeat(iterations(), x, (y) => v.mul(y));
    return gradient(x.add(inner), v) ?? expect.fail('no gradient');
  };
  const outer = repeat(5, tl.constant(1), (x) => x.add(repeat(iterations(), x, middle)));
  // With n = size(p): the middle loop multiplies by n, n times over; the outer one adds that.
  expect([1, 2, 3].map((n) => runWith([[p, Array.from({ length: n }, () => 0)]], outer))).toEqual([
    [2 ** 5],
    [5 ** 5],
    [28 ** 5],
  ]);
});

test('testSingleNestedMaximumIterationsWhileLoopGradientInXLAContext: trips bounded by the outer counter', () => {
  const v = tl.constant(1);
  const [trips, total] = tl.whileLoop(
    (i) => i.less(3),
    (i, sum) => {
      const [, y] = tl.whileLoop(
        (j) => j.less(3),
        (j, x) => [j.add(1), x.mul(v)],
        [int(0), tl.constant(1)],
        { maximumIterations: i },
      );
      const d = gradient(y, v) ?? expect.fail('no gradient');
      return [tl.controlDependencies([d], () => i.add(1)), sum.add(d)];
    },
    [int(0), tl.constant(0)],
  );
  expect(run(trips, total)).toEqual([3, 0 + 1 + 2]);
});
