import { beforeEach, describe, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

const nums = [1, 2, 3, 4, 5, 6];
const data = (): tl.Tensor => tl.constant(nums);
const matrix = (): tl.Tensor =>
  tl.constant(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    { dtype: 'int32' },
  );
const int = (v: number): tl.Tensor => tl.constant(v, { dtype: 'int32' });

describe('scan', () => {
  test('testScan_Simple, with an initializer', () => {
    const r = tl.scan((a, x) => a.mul(x), data(), { initializer: tl.constant(2) });
    expect(run(r)).toEqual([[2, 4, 12, 48, 240, 1440]]);
  });

  test('testScan_Reverse, with an initializer', () => {
    const r = tl.scan((a, x) => a.mul(x), data(), { initializer: tl.constant(2), reverse: true });
    expect(run(r)).toEqual([[1440, 1440, 720, 240, 60, 12]]);
  });

  test('testScan_SingleInputMultiOutput', () => {
    const r = tl.scan(([a, b], x) => [a.mul(x), b.neg().mul(x)], data(), { initializer: [1, -1] });
    expect(run(...r)).toEqual([
      [1, 2, 6, 24, 120, 720],
      [1, -2, 6, -24, 120, -720],
    ]);
  });

  test('testScan_MultiInputSingleOutput', () => {
    const r = tl.scan((a, [x, y]) => a.mul(x.add(y)), [data().add(1), data().neg()], { initializer: 1 });
    expect(run(r)).toEqual([[1, 1, 1, 1, 1, 1]]);
  });

  test('testScan_MultiInputSameTypeOutput, from zeros', () => {
    const r = tl.scan(([a, b], [x, y]) => [a.add(x), b.add(y)], [data(), data().neg()], { initializer: [0, 0] });
    expect(run(...r)).toEqual([
      [1, 3, 6, 10, 15, 21],
      [-1, -3, -6, -10, -15, -21],
    ]);
  });

  test('testScanVaryingShape, from zeros: rows of an unknown number and of an unknown length', () => {
    const x = tl.placeholder('float32', [null, 2]);
    const sums = [x, tl.transpose(x)].map((t) =>
      tl.scan((a, row) => a.add(row), t, { initializer: tl.zerosLike(tl.reduceSum(t, 0)) }),
    );
    const ds = sums.flatMap((s) => tl.gradients(s, x));
    expect(runWith([[x, [[1, 2]]]], ...sums, ...ds)).toEqual([[[1, 2]], [[1], [3]], [[1, 1]], [[2, 1]]]);
  });

  test('testScan_MultiOutputMismatchedInitializer', () => {
    expect(() => tl.scan((a) => [a, a.neg()], data(), { initializer: 1 })).toThrow(
      'scan: the function returned [*, *], expected the structure of the initializer, *.',
    );
  });

  test('testScan_Scoped, with an initializer: a variable of the body is shared', () => {
    const twice = (a: tl.Tensor, x: tl.Tensor): tl.Tensor =>
      tl.variableScope('body', () =>
        a.add(x).mul(tl.getVariable('two', [], { dtype: 'int32', initializer: tl.constantInitializer(2) })),
      );
    const rs = [false, true].map((reuse) =>
      tl.variableScope('root', { reuse }, () =>
        tl.scan(twice, tl.constant(nums, { dtype: 'int32' }), { initializer: int(2) }),
      ),
    );
    expect(tl.trainableVariables().map((v) => v.name)).toEqual(['root/body/two:0']);
    const expected = [6, 16, 38, 84, 178, 368];
    expect(run(...rs)).toEqual([expected, expected]);
  });

  test('testScanFoldl_Nested: a fold in a scan', () => {
    const halves = tl.constant([0.5, 0.5]);
    const r = tl.scan(
      (a, x) => tl.foldl((b, y) => b.mul(y).mul(x), halves, { initializer: a }),
      tl.constant([2, 3, 4]),
      { initializer: 1 },
    );
    expect(run(r)).toEqual([[1, 2.25, 9]]);
  });

  test('testScan_Control', () => {
    const [s, b] = [tl.placeholder('float32', [null]), tl.placeholder('bool')];
    const r = tl.controlDependencies([tl.identity(b)], () => tl.scan((a, x) => x.mul(a), s, { initializer: 1 }));
    expect(
      runWith(
        [
          [s, [1, 3, 3]],
          [b, true],
        ],
        r,
      ),
    ).toEqual([[1, 3, 9]]);
  });

  test('testScan_Grad', () => {
    const v = tl.constant(2);
    const r = tl.scan((a, x) => a.mul(x), data(), { initializer: v });
    expect(run(...tl.gradients(r, v))).toEqual([873]);
  });

  test('testScanGradientWithPartStopGradient', () => {
    const [a, b] = [tl.variable(0, { name: 'a' }), tl.variable(0, { name: 'b' })];
    const [l0, l1] = tl.scan(() => [a.value(), b.value()], tl.zeros([5]), { initializer: [0, 0] });
    const [da, db] = tl.gradients(l0.add(tl.stopGradient(l1)), [a, b], { unconnectedGradients: 'zero' });
    expect(run(da, db)).toEqual([5, 0]);
  });

  test('testScanShape, testScanEmptyTensor, testScanUnknownShape', () => {
    const y = tl.scan((_, row) => row, matrix(), { initializer: tl.zeros([3], { dtype: 'int32' }) });
    expect([y.shape, ...run(y)]).toEqual([
      [2, 3],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]);
    const empty = tl.scan((a) => a, tl.zeros([0]), { initializer: tl.ones([2, 4]) });
    const session = new tl.Session();
    expect([empty.shape, [...session.runSync(empty).shape]]).toEqual([
      [0, 2, 4],
      [0, 2, 4],
    ]);
    session.close();
    const [x, initializer] = [tl.placeholder('float32'), tl.placeholder('float32')];
    expect(() => tl.scan((_, row) => row, x, { initializer }).shape).toThrow('rank');
  });
});

describe('functions as branches and bodies', () => {
  test('testIf', () => {
    const x = tl.placeholder('float32', []);
    const r = tl.cond(
      x.greater(0),
      () => x.mul(2),
      () => x.mul(3).add(1),
    );
    expect([9, -8, 0].map((v) => runWith([[x, v]], r)[0])).toEqual([18, -23, 1]);
  });

  test('testWhile, testWhileInMultipleSubgraphs', () => {
    const n = tl.placeholder('float32', []);
    const [, sum] = tl.whileLoop(
      (i) => i.greater(0),
      (i, x) => [i.sub(1), x.add(i)],
      [n, 0],
    );
    expect([20, 100].map((v) => runWith([[n, v]], sum)[0])).toEqual([210, 5050]);
    expect(runWith([[n, 100]], sum, tl.constant(37))).toEqual([5050, 37]);
  });

  test('testWhileError', () => {
    const body = (n: tl.Tensor, x: tl.Tensor): tl.Tensor[] => [n.sub(1), x.add(n)];
    expect(() => tl.whileLoop((n, x) => [n.greater(0), x] as never, body, [5, 0])).toThrow(
      'Loop: expected the condition to be one bool scalar, got bool[], float32[].',
    );
    expect(() =>
      tl.whileLoop(
        (n) => n.greater(0),
        (n, x) => [...body(n, x), x],
        [5, 0],
      ),
    ).toThrow('whileLoop: the body returned [*, *, *], expected the structure of the loop variables, [*, *].');
  });

  test('testFor, testForWithWhile, testForCapturedInputs: a loop over a range', () => {
    const v = tl.variable(1, { name: 'v' });
    const over = (from: number, to: number, by: number): tl.Tensor => tl.cast(tl.range(from, to, by), 'float32');
    const sums = [over(1, 21, 1), over(100, 0, -1)].map((ns) => tl.foldl((x, n) => x.add(n), ns, { initializer: 0 }));
    const [unary, both] = [
      tl.foldl((x, n) => x.add(n).add(v), over(1, 10, 1), { initializer: 0 }),
      tl.foldl(([x, y], n) => [x.add(n).add(v), y.add(v)], over(1, 10, 1), { initializer: [0, 0] }),
    ];
    expect(run(...sums, unary, ...both)).toEqual([210, 5050, 54, 54, 9]);
  });

  test('testForMLP, testForMLPWhile: five layers as a fold over their weights', () => {
    const grid = (shape: readonly number[], by: number): tl.Tensor => {
      const size = shape.reduce((a, b) => a * b, 1);
      return tl.constant({ shape, data: Float32Array.from({ length: size }, (_, k) => Math.sin(by * (k + 1))) });
    };
    const [x, ws, bs] = [grid([2, 3], 1), grid([5, 3, 3], 2), grid([5, 3], 3)];
    const looped = tl.foldl((a, { w, b }) => a.matmul(w).add(b).tanh(), { w: ws, b: bs }, { initializer: x });
    const unrolled = [0, 1, 2, 3, 4].reduce((a, i) => a.matmul(tl.gather(ws, i)).add(tl.gather(bs, i)).tanh(), x);
    const [got, expected] = run(looped, unrolled);
    expect(got).toEqual(expected);
  });

  test('testGradient: 2x³+3x²+4x+8 at 0 and 1', () => {
    const x = tl.placeholder('float32', []);
    const y = tl.foldl((a, k) => a.mul(x).add(k), tl.constant([2, 3, 4, 8]), { initializer: 0 });
    const at = (v: number): unknown[] => runWith([[x, v]], y, ...tl.gradients(y, x));
    expect([at(0), at(1)]).toEqual([
      [8, 4],
      [17, 16],
    ]);
  });
});

test('testWhileInt32', () => {
  const n = tl.placeholder('int32', []);
  const [, sum] = tl.whileLoop(
    (k) => k.greater(0),
    (k, x) => [k.sub(1), x.add(k)],
    [n, int(0)],
  );
  expect([20, 100].map((k) => runWith([[n, k]], sum))).toEqual([[210], [5050]]);
});

test('testWhileCapturedInputs', () => {
  const v = tl.variable(1);
  const [n, a, b] = tl.whileLoop(
    (k) => k.less(10),
    (k, x, y) => [k.add(1), x.add(k).add(v), y.add(v)],
    [tl.constant(1), tl.constant(0), tl.constant(0)],
  );
  const [under] = tl.whileLoop(
    (k) => k.add(v).less(10),
    (k) => [k.add(1)],
    [tl.constant(1)],
  );
  expect(run(n, a, b, under)).toEqual([10, 54, 9, 9]);
});

test('FunctionalOpsCaseTest.testCase', () => {
  const [branch, x] = [tl.placeholder('int32', []), tl.constant(1)];
  const y = tl.switchCase(branch, [() => x.mul(2), () => x.mul(3), () => x.mul(4)]);
  expect([0, 1, 2, -1, 6].map((k) => runWith([[branch, k]], y))).toEqual([[2], [3], [4], [4], [4]]);
});
