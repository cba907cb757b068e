import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from '../running.js';
import { int } from './values.js';

beforeEach(() => tl.resetDefaultGraph());

const plus1 = (x: tl.Tensor) => (): tl.Tensor => x.add(int(1));
const minus1 = (x: tl.Tensor) => (): tl.Tensor => x.sub(int(1));

test.each([
  ['testCond_1', true, 11],
  ['testCond_2', false, 9],
])('%s', (_, taken, want) => {
  const x = int(10);
  expect(run(tl.cond(tl.less(int(1), int(taken ? 2 : 0)), plus1(x), minus1(x)))).toEqual([want]);
});

test('testCond_3', () => {
  const x = int(10);
  const pred = tl.less(int(1), int(2));
  const inner = (): tl.Tensor => tl.cond(pred, plus1(x), minus1(x)).add(int(1));
  expect(run(tl.cond(pred, inner, minus1(x)))).toEqual([12]);
});

test('testCond_5', () => {
  let alive: tl.Tensor = tl.constant(true);
  let count: tl.Tensor = int(0);
  for (let i = 0; i < 10; i++) {
    [alive, count] = tl.cond(
      alive,
      () => [tl.less(int(i), int(3)), count.add(int(1))],
      () => [alive, count],
    );
  }
  expect(run(count)).toEqual([4]);
});

test('testCond_6', () => {
  const v = tl.variable([7], { dtype: 'int32' });
  const age = tl.placeholder('int32', undefined);
  const r = tl.cond(
    tl.constant(false),
    () => age,
    () => v.value(),
  );
  expect(runWith([[age, 3]], r)).toEqual([[7]]);
});

test('testCond_7', () => {
  const [x, y] = [int(10), int(200)];
  const r = tl.cond(
    tl.constant(true),
    () => [x.add(int(1)), x.add(int(2))],
    () => [y, y],
  );
  expect(run(...r)).toEqual([11, 12]);
});

test('testCondOutputShape', () => {
  const x = tl.constant(1);
  expect(
    tl.cond(
      tl.constant(true),
      () => x.square(),
      () => x.sub(1),
    ).shape,
  ).toEqual([]);
});

test('testCondListOutput, testTupleOutput', () => {
  const [x, y] = [int(10), int(200)];
  const r = tl.cond(
    tl.constant(true),
    () => [x.add(y), x.add(y)],
    () => [y, y],
  );
  expect(run(...r)).toEqual([210, 210]);
});

test('testDictOutput', () => {
  const [x, y] = [int(10), int(200)];
  const r = tl.cond(
    tl.constant(true),
    () => ({ a: x.add(y), b: x.add(y) }),
    () => ({ a: y, b: y }),
  );
  expect(run(r.a, r.b)).toEqual([210, 210]);
});

test('testEmbeddedListOutput, testEmbeddedTupleOutput', () => {
  const [x, y] = [int(10), int(200)];
  const [[a, b]] = tl.cond(
    tl.constant(true),
    () => [[x.add(y), x.add(y)]] as const,
    () => [[y, y]],
  );
  expect(run(a, b)).toEqual([210, 210]);
});

test('testEmbeddedDictOutput', () => {
  const [x, y] = [int(10), int(200)];
  const r = tl.cond(
    tl.constant(true),
    () => ({ a: { c: x.add(y) }, b: { d: x.add(y) } }),
    () => ({ a: { c: y }, b: { d: y } }),
  );
  expect(run(r.a.c, r.b.d)).toEqual([210, 210]);
});

test('testCheckNestedOutputStruct', () => {
  const [x, y] = [int(10), int(200)];
  expect(() =>
    tl.cond(
      tl.constant(true),
      () => ({ a: x, b: x }),
      () => ({ c: y, d: y }),
    ),
  ).toThrow('cond: falseFn returned {c: *, d: *}, expected the structure that trueFn returned, {a: *, b: *}.');
});

test('testCondAccessTrueBranchTensorInFalseBranchRaises', () => {
  let c: tl.Tensor = tl.constant(1);
  expect(() =>
    tl.cond(
      tl.constant(true),
      () => (c = tl.identity(c)),
      () => tl.identity(c),
    ),
  ).toThrow(/is inside the body of a loop or a branch, expected a tensor of the graph around/);
});

test('testCondWithControl: what a branch awaits has to be fed', () => {
  const holder = tl.placeholder('float32', []);
  const a = int(3);
  const r = tl.cond(
    tl.constant(true),
    () => {
      tl.controlDependencies([holder], () => a.add(int(1)));
      return a.add(int(2));
    },
    () => int(1),
  );
  expect(runWith([[holder, 0]], r)).toEqual([5]);
});

test('testCondSwitchIdentity, testCondRecvIdentity: the branch not taken does not run', () => {
  const r = tl.cond(
    tl.constant(true),
    () => int(1),
    () => tl.controlDependencies([tl.assert(tl.constant(false), 'Wrong branch!!!')], () => int(2)),
  );
  expect(run(r)).toEqual([1]);
});

test('testCondResource: a branch assigns', () => {
  const rv = tl.variable(true);
  const t = tl.constant(1);
  const r = tl.cond(
    rv.value(),
    () => tl.controlDependencies([tl.assign(rv, false)], () => tl.identity(t)),
    () => t,
  );
  expect(run(r)).toEqual([1]);
});

test('testCondRef', () => {
  const x = tl.variable([1]);
  const r = tl.cond(
    tl.constant(false),
    () => x.value(),
    () => tl.constant([2]),
  );
  expect(run(r)).toEqual([[2]]);
});

test('testCondPredicateTensor', () => {
  const [, p] = tl.cond(
    tl.constant(true),
    () => [int(0), tl.constant(true)],
    () => [int(0), tl.constant(false)],
  );
  expect(
    run(
      tl.cond(
        p,
        () => 1,
        () => 2,
      ),
    ),
  ).toEqual([1]);
});

test.each([
  ['testCondFeedConstantPredicate', (): tl.Tensor => tl.constant(true)],
  ['testCondFeedPlaceholderWithDefaultPredicate', (): tl.Tensor => tl.placeholderWithDefault(true, [])],
])('%s', (_, make) => {
  const [value, predicate] = [tl.constant(37), make()];
  const result = tl.identity(
    tl.cond(
      predicate,
      () => tl.constant(0),
      () => value,
    ),
  );
  expect([[[predicate, false]], [[predicate, true]], []].map((f) => runWith(f as tl.Feeds, result))).toEqual([
    [37],
    [0],
    [0],
  ]);
});

test('testOneValueCond', () => {
  const c = tl.placeholder('int32', []);
  const [one, two] = [int(1), int(2)];
  const i = tl.cond(
    tl.greaterEqual(c, int(1)),
    () => one,
    () => two,
  );
  expect([runWith([[c, 2]], i), runWith([[c, 0]], i)]).toEqual([[1], [2]]);
});

test('testExampleCond', () => {
  const x = tl.constant([-2, 2]);
  const d = tl.placeholder('int32', []);
  const i = tl.cond(
    tl.equal(d, int(2)),
    () => x.square().reduceSum().sqrt(),
    () => x.abs().reduceSum(),
  );
  expect(runWith([[d, 1]], i)).toEqual([4]);
  expect(runWith([[d, 2]], i)[0]).toBeCloseTo(2 * Math.sqrt(2), 5);
});

test('testOneOpCond', () => {
  const v = tl.variable(0, { dtype: 'int32' });
  const c = tl.placeholder('int32', []);
  const i = tl.cond(
    tl.greaterEqual(c, int(1)),
    () => tl.assign(v, int(1)),
    () => tl.assign(v, int(2)),
  );
  const session = new tl.Session();
  session.runSync(v.initializer);
  const seen = [2, 0].flatMap((k) => [session.runSync(i, [[c, k]]).item(), session.runSync(v).item()]);
  expect(seen).toEqual([1, 1, 2, 2]);
  session.close();
});

test('testCondPruning: both assignments of the branch run, as in a function of TensorFlow', () => {
  const [v1, v2, v3] = [7, 7, 7].map((k) => tl.variable(k, { dtype: 'int32' }));
  const [, second] = tl.cond(
    tl.constant(true),
    () => [tl.assign(v1, int(1)), tl.assign(v2, int(2))],
    () => [tl.assign(v3, int(3)), int(10)],
  );
  const session = new tl.Session();
  session.runSync([v1.initializer, v2.initializer, v3.initializer]);
  session.runSync(second);
  expect(session.runSync([v1, v2, v3]).map((v) => v.item())).toEqual([1, 2, 7]);
  session.close();
});

test('testCondBool: a plain boolean is taken, where TensorFlow 1 refuses it', () => {
  const x = int(10);
  expect(run(tl.cond(false, plus1(x), minus1(x)))).toEqual([9]);
});

const counting = (n: tl.Tensor): tl.Tensor =>
  tl.whileLoop(
    (x) => x.less(int(10)),
    (x) => [x.add(int(1))],
    [n],
  )[0];

test.each([
  ['testCondWhile_1', true],
  ['testCondWhile_2', false],
])('%s', (_, first) => {
  const n = int(0);
  const loop = (): tl.Tensor => counting(n);
  const other = (): tl.Tensor => n.add(int(1));
  expect(run(tl.cond(first, first ? loop : other, first ? other : loop))).toEqual([10]);
});

test.each([
  ['testWhileCond_1', (x: tl.Tensor): tl.Tensor => tl.cond(tl.constant(true), plus1(x), minus1(x))],
  ['testWhileCond_2', (x: tl.Tensor): tl.Tensor => tl.cond(tl.constant(true), plus1(x), () => int(0))],
  ['testWhileCond_3', (x: tl.Tensor): tl.Tensor => tl.cond(tl.less(int(0), int(1)), plus1(x), minus1(x))],
])('%s', (_, body) => {
  const [r] = tl.whileLoop(
    (x) => x.less(int(10)),
    (x) => [body(x)],
    [int(0)],
  );
  expect(run(r)).toEqual([10]);
});
