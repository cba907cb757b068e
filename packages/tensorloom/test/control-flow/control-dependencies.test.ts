import { afterEach, beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { int } from './values.js';

let session: tl.Session;
beforeEach(() => {
  tl.resetDefaultGraph();
  session = new tl.Session();
});
afterEach(() => session.close());

/** TensorFlow's `with_dependencies`. */
const withDependencies = (awaited: readonly (tl.Tensor | tl.Node)[], x: tl.Tensor): tl.Tensor =>
  tl.controlDependencies(awaited, () => tl.identity(x));

/** TensorFlow's `tuple`: the same tensors, none of them there before all of them, and what else is awaited, are. */
const tuple = (xs: readonly tl.Tensor[], awaited: readonly (tl.Tensor | tl.Node)[] = []): tl.Tensor[] =>
  xs.map((x) => withDependencies([...xs, ...awaited], x));

const values = (...fetches: readonly (tl.Tensor | tl.Variable)[]): unknown[] =>
  session.runSync(fetches).map((v) => v.toArray());

test('testWithOpsDependencies', () => {
  const v = tl.variable(0);
  const c = int(10);
  expect(() => values(c, v)).toThrow(/has no value yet/);
  const real = tl.controlDependencies([v.initializer], () => v.readValue());
  expect(values(c, real)).toEqual([10, 0]);
});

test('testWithTensorDependencies', () => {
  const v = tl.variable(0);
  const first = withDependencies([v.initializer], int(10));
  const second = withDependencies([first], int(20));
  expect(() => values(v)).toThrow(/has no value yet/);
  expect(values(second)).toEqual([20]);
  expect(values(v)).toEqual([0]);
});

test('testWithDependencies', () => {
  expect(values(withDependencies([int(1)], int(2)))).toEqual([2]);
});

test('testGroup', () => {
  const [v1, v2] = [tl.variable([0]), tl.variable([1])];
  const init = tl.group(v1.initializer, v2.initializer);
  expect(() => values(v1)).toThrow(/has no value yet/);
  session.runSync(init);
  expect(values(v1, v2)).toEqual([[0], [1]]);
});

test('testGroupEmpty', () => {
  const op = tl.group();
  expect([op.op.name, op.controlInputs]).toEqual(['NoOp', []]);
});

test.each([true, false])('testTensors: all are there before one is; the first of them: %s', (first) => {
  const [v1, v2] = [tl.variable([1]), tl.variable([10])];
  const read = (v: tl.Variable): tl.Tensor => tl.controlDependencies([v.initializer], () => v.readValue());
  const [t1, t2] = tuple([read(v1).add(2), read(v2).add(20)]);
  for (const v of [v1, v2]) expect(() => values(v)).toThrow(/has no value yet/);
  expect(values(first ? t1 : t2)).toEqual([[first ? 3 : 30]]);
  expect(values(first ? v2 : v1)).toEqual([[first ? 10 : 1]]);
});

test('testAcceptTensorsAsControlInputs', () => {
  const v = tl.variable(0, { dtype: 'int32' });
  session.runSync(v.initializer);
  const [t] = tuple([int(0)], [tl.assign(v, int(1))]);
  expect(values(t)).toEqual([0]);
  expect(values(v)).toEqual([1]);
});

test('testTuple', () => {
  expect(values(...tuple([int(1), int(2)]))).toEqual([1, 2]);
});

test('testCaseSideEffects', () => {
  const vs = [0, 1, 2].map(() => tl.variable(-1, { dtype: 'int32' }));
  const [a, b, c] = vs.map((v, i) => () => withDependencies([tl.assign(v, int(i))], int(i)));
  const [x, y] = [int(1), int(2)];
  const [less, greater] = [x.less(y), x.greater(y)];
  const choose = (first: tl.Tensor, second: tl.Tensor): tl.Tensor =>
    tl.caseOf(
      [
        [first, a],
        [second, b],
      ],
      { default: c, exclusive: true },
    );
  const results = [choose(less, greater), choose(greater, less), choose(greater, greater)];
  const init = tl.globalVariablesInitializer();
  results.forEach((r, chosen) => {
    session.runSync(init);
    expect(values(...vs)).toEqual([-1, -1, -1]);
    expect(values(r)).toEqual([chosen]);
    expect(values(...vs)).toEqual([0, 1, 2].map((i) => (i === chosen ? i : -1)));
  });
});
