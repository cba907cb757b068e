import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run } from '../running.js';
import { gradient, int } from './values.js';

beforeEach(() => tl.resetDefaultGraph());

/** v squared while it is below a limit. */
const squares = (v: tl.Tensor, limit: number): tl.Tensor =>
  tl.whileLoop(
    (x) => x.less(limit),
    (x) => [x.mul(x)],
    [v],
  )[0];

test.each([
  ['testSingleLoopVar, testReturnSameStructureTrue', (x: tl.Tensor) => squares(x, 8), 2, [16, 32]],
  [
    'testMultipleWhileLoops, testMultipleWhileLoopsEager',
    (x: tl.Tensor) => squares(squares(x, 4), 16),
    2,
    [16, 32, 48],
  ],
  [
    'testDoubleDerivative, testDoubleDerivativeEager',
    (x: tl.Tensor) =>
      tl.whileLoop(
        (v) => v.less(8),
        (v) => [v.pow(2)],
        [x],
      )[0],
    2,
    [16, 32, 48],
  ],
  ['testGradientTape', (x: tl.Tensor) => squares(x, 4), 2, [4, 4]],
  [
    'testCaptureExternalTensorInCond',
    (x: tl.Tensor) => {
      const y = tl.constant(1);
      return tl.whileLoop(
        (v) => v.add(y).less(9),
        (v) => [v.mul(3)],
        [x],
      )[0];
    },
    2,
    [18, 9],
  ],
  [
    'testCaptureExternalTensorInBody',
    (x: tl.Tensor) => {
      const y = tl.constant(3);
      return tl.whileLoop(
        (v) => v.less(8),
        (v) => [v.mul(y)],
        [x],
      )[0];
    },
    2,
    [18, 9],
  ],
  [
    'testIdentityNodeInBody',
    (x: tl.Tensor) =>
      tl.whileLoop(
        (v) => v.less(8),
        (v) => [tl.identity(tl.identity(v)).square()],
        [x],
      )[0],
    2,
    [16, 32],
  ],
  ['testExternalColocationGrad', (x: tl.Tensor) => squares(x, 8), 2, [16, 32]],
] as const)('%s', (_, build, at, want) => {
  const x = tl.constant(at);
  const ds: (tl.Tensor | null)[] = [build(x)];
  while (ds.length < want.length) ds.push(gradient(ds[ds.length - 1] ?? expect.fail(), x));
  expect(run(...ds)).toEqual(want);
});

test.each([
  ['testMultipleLoopVarsBasic', 5, 45],
  ['testMultipleLoopNonscalarCond', [[5]], [[45]]],
])('%s', (name, at, want) => {
  const [x, y] = [tl.constant(at), tl.constant(3)];
  const r = tl.whileLoop(
    (v) => (name.includes('Nonscalar') ? v.reshape([]) : v).less(45),
    (v, w) => [v.mul(w), w],
    [x, y],
  );
  expect(run(...r, gradient(r, x))).toEqual([want, 3, name.includes('Nonscalar') ? [[9]] : 9]);
});

test('testMultipleLoopVars', () => {
  const [x, y] = [tl.constant(5), tl.constant(3)];
  const r = tl.whileLoop(
    (v) => v.less(45),
    (v, w) => [v.mul(w), v.add(w)],
    [x, y],
  );
  const ds = [x, y].flatMap((t) => [gradient(r[0], t), gradient(r[1], t), gradient(r, t)]);
  expect(run(...r, ...ds)).toEqual([120, 23, 39, 4, 43, 55, 6, 61]);
});

test('testGradientTapeResourceVariable', () => {
  const v = tl.variable(1);
  const [, x] = tl.whileLoop(
    (i) => i.less(2),
    (i, y) => [i.add(1), y.mul(v)],
    [int(0), tl.constant(2)],
  );
  expect(run(gradient(x, v))).toEqual([4]);
});

test('testExternalControlDependencies', () => {
  const v = tl.variable(1);
  const op = v.assignAdd(1);
  const [r] = tl.whileLoop(
    (i) => i.less(1),
    (i) => [tl.controlDependencies([op], () => i.add(1))],
    [int(0)],
  );
  const session = new tl.Session();
  session.runSync(v.initializer);
  session.runSync(r);
  expect(session.runSync(v).item()).toBe(2);
  session.close();
});

test('testVerifyInputOutputTypesMatch', () => {
  expect(() =>
    tl.whileLoop(
      (x) => x.less(10),
      (x) => [tl.cast(x, 'float64').add(1)],
      [tl.constant(1)],
    ),
  ).toThrow(/float64/);
});

test('testWhileAndTensorArray', () => {
  const param = tl.constant(2);
  const r = tl.mapFn((x) => x.mul(param), tl.constant([1, 2, 3, 4, 5, 6]));
  expect(run(r, gradient(r, param))).toEqual([[2, 4, 6, 8, 10, 12], 21]);
});

test('testNestedWhile', () => {
  const n = tl.constant(3);
  const power = (k: tl.Tensor): tl.Tensor =>
    tl.whileLoop(
      (c) => c.greater(0),
      (c, v) => [c.sub(1), v.mul(n)],
      [k, tl.constant(1)],
    )[1];
  const [, r] = tl.whileLoop(
    (i) => i.greaterEqual(0),
    (i, s) => [i.sub(1), s.add(power(i))],
    [tl.constant(5), tl.constant(0)],
  );
  expect(run(r, gradient(r, n))).toEqual([364, 547]);
});

test('testReshapeShape', () => {
  const shape = int([3, 4]);
  const [, u] = tl.whileLoop(
    (i) => i.less(3),
    (i, t) => {
      const flat = t.reshape([-1]);
      expect(flat.shape).toEqual([60]);
      const back = flat.reshape(tl.concat([int([5]), shape], 0));
      expect(back.shape).toEqual([5, 3, 4]);
      return [i.add(1), back];
    },
    [int(0), tl.zeros([5, 3, 4])],
  );
  expect(u.shape).toEqual([5, 3, 4]);
});

test.each([
  ['testFillOpsShape: Zeros', (s: tl.Tensor) => tl.zeros(s)],
  ['testFillOpsShape: Ones', (s: tl.Tensor) => tl.ones(s)],
  ['testFillOpsShape: Fill', (s: tl.Tensor) => tl.fill(s, 1)],
  ['testRandomOpsShape: RandomUniform', (s: tl.Tensor) => tl.randomUniform(s)],
  ['testRandomOpsShape: RandomNormal', (s: tl.Tensor) => tl.randomNormal(s)],
  ['testRandomOpsShape: TruncatedNormal', (s: tl.Tensor) => tl.truncatedNormal(s)],
])('%s', (_, make) => {
  const shape = int([3]);
  const [, u] = tl.whileLoop(
    (i) => i.less(3),
    (i) => {
      const t = make(tl.concat([int([5]), shape], 0));
      expect(t.shape).toEqual([5, 3]);
      return [i.add(1), t];
    },
    [int(0), tl.zeros([5, 3])],
  );
  expect(u.shape).toEqual([5, 3]);
});

/** The stacks in the program that computes a gradient. */
const stacks = (d: tl.Tensor | null): number => {
  const [header = ''] = /^.* = loop .*$/m.exec(tl.printProgram(tl.lower([d ?? expect.fail()], [], []))) ?? [];
  return [...header.slice(0, header.indexOf(' = loop')).matchAll(/&\d+/g)].length;
};

test.each([
  [
    'testDoNotAccumulateInvariantsV1, testDoNotAccumulateInvariantsV2, testPruningNested3, testDoNotOutputLoopInvariantAsIntermediate, testDoNotOutputLoopCounterAsIntermediate',
    () => {
      const v = tl.constant(5);
      return gradient(
        tl.whileLoop(
          () => true,
          (x) => [v.mul(x)],
          [tl.constant(1)],
          { maximumIterations: 5 },
        )[0],
        v,
      );
    },
    1,
  ],
  [
    'testForwardPassRewrite, testDuplicateAccumulator',
    () => {
      const x = tl.constant(2);
      return gradient(squares(x, 8), x);
    },
    1,
  ],
  [
    'testDoNotAccumulateConstNodes',
    () => {
      const x = tl.constant(2);
      return gradient(
        tl.whileLoop(
          (v) => v.less(8),
          (v) => [v.mul(2)],
          [x],
        )[0],
        x,
      );
    },
    0,
  ],
] as const)('%s: what is stacked', (_, build, want) => {
  expect(stacks(build())).toBe(want);
});

test('testDefaultName', () => {
  const loop = (): string =>
    tl.whileLoop(
      (i) => i.less(3),
      (i) => [i.add(1)],
      [int(0)],
    )[0].op.name;
  const first = loop();
  const inside = tl.nameScope('foo', () => [loop(), loop()]);
  expect([first, ...inside].map((n) => n.replace(/\/while$/, ''))).toEqual(['while', 'foo/while', 'foo/while_1']);
});
