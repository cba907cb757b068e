import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { int } from './values.js';

beforeEach(() => tl.resetDefaultGraph());

/** What is fetched, then the variables, which begin with their initial values. */
function runAnd(fetch: tl.Tensor, ...variables: readonly tl.Variable[]): unknown[] {
  const session = new tl.Session();
  try {
    session.runSync(variables.map((v) => v.initializer));
    return [session.runSync(fetch).toArray(), ...session.runSync(variables).map((v) => v.toArray())];
  } finally {
    session.close();
  }
}

const integer = (k: number): tl.Variable => tl.variable(k, { dtype: 'int32' });

test('testWhileExternalControlDependencies', () => {
  const v = tl.variable(0);
  const increment = v.assignAdd(1);
  const [r] = tl.whileLoop(
    (i) => i.less(2),
    (i) => [tl.controlDependencies([increment], () => i.add(1))],
    [int(1)],
  );
  expect(runAnd(r, v)).toEqual([2, 1]);
});

test('testWhileExternalControlDependenciesNoInput', () => {
  const v = tl.variable(0);
  const increment = v.assignAdd(1);
  const [r] = tl.whileLoop(
    (i) => i.less(5),
    () => [tl.controlDependencies([increment], () => int(5))],
    [int(0)],
  );
  expect(runAnd(r, v)).toEqual([5, 1]);
});

test('testWhileWithRefs_1', () => {
  const x = integer(0);
  const [i, r] = tl.whileLoop(
    (k) => k.less(100),
    (k, v) => [k.add(1), tl.identity(v)],
    [int(0), x.value()],
  );
  expect(runAnd(tl.stack([i, r]), x)).toEqual([[100, 0], 0]);
});

test('testWhileCondWithControl_1', () => {
  const v = tl.variable(2);
  const [r] = tl.whileLoop(
    (i) => i.less(4),
    (i) => {
      const assigned = tl.cond(
        tl.constant(true),
        () => tl.assign(v, tl.controlDependencies([i], () => v.readValue()).square()),
        () => v.value(),
      );
      return [tl.controlDependencies([assigned], () => i.add(1))];
    },
    [int(0)],
  );
  expect(runAnd(r, v)).toEqual([4, 65536]);
});

test('testWhileCondExitControl', () => {
  const v = integer(1);
  const r = tl.cond(
    tl.constant(false),
    () => tl.constant(1),
    () => {
      const [loop] = tl.whileLoop(
        (i) => i.less(100),
        (i) => [tl.assign(v, i).add(1)],
        [int(0)],
      );
      return tl.controlDependencies([loop], () => tl.constant(6));
    },
  );
  expect(runAnd(r, v)).toEqual([6, 99]);
});

test('testWhileUpdateVariable_1, testWhileUpdateVariable_2, testWhileUpdateVariable_3: rows of a variable', () => {
  const select = tl.variable([3, 4, 5]);
  const [, last] = tl.whileLoop(
    (j) => j.less(3),
    (j, rows) => [j.add(1), tl.assign(select, tl.where(tl.equal(tl.range(3), j), tl.fill([3], 10), rows))],
    [int(0), select.value()],
  );
  expect(runAnd(last, select)).toEqual([
    [10, 10, 10],
    [10, 10, 10],
  ]);
});

test('testWhileUpdateVariable_4', () => {
  const [a, b] = [integer(0), integer(0)];
  const once = a.assignAdd(int(1));
  const [r] = tl.whileLoop(
    (i) => i.less(10),
    (i) => [tl.controlDependencies([b.assignAdd(once)], () => i.add(1))],
    [int(0)],
  );
  expect(runAnd(r, a, b)).toEqual([10, 1, 10]);
});

test('testWhileUpdateVariable_5: the condition reads what the body assigned', () => {
  const [a, b] = [integer(0), integer(0)];
  const [r] = tl.whileLoop(
    (i) => i.less(10),
    () => [tl.controlDependencies([a.assignAdd(int(1)), b.assignAdd(int(1))], () => b.readValue())],
    [b.value()],
    { maximumIterations: 20 },
  );
  expect(runAnd(r, a, b)).toEqual([10, 10, 10]);
});

test('testWhileUpdateVariable_6', () => {
  const [a, b] = [integer(0), integer(0)];
  const [r] = tl.whileLoop(
    (i) => i.less(10),
    (i) => {
      const first = a.assignAdd(int(1));
      const second = tl.controlDependencies([first], () => b.assignAdd(a.readValue()));
      return [tl.controlDependencies([second], () => i.add(1))];
    },
    [int(0)],
  );
  expect(runAnd(r, a, b)).toEqual([10, 10, 55]);
});
