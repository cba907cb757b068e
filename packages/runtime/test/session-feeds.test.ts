import {
  type Feeds,
  NDArray,
  assert,
  cond,
  constant,
  controlDependencies,
  noOp,
  placeholder,
  placeholderWithDefault,
  print,
  reduceSum,
  resetDefaultGraph,
  scan,
  variable,
  whileLoop,
  type Tensor,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { here, leakFree, messageFrom, open } from './support.js';

beforeEach(() => resetDefaultGraph());

const int = (n: number): Tensor => constant(n, { dtype: 'int32' });

describe('a fed tensor', () => {
  test('cuts what is behind it: nothing of that is needed or run', () => {
    const session = open();
    const x = placeholder('float32', []);
    const fails = assert(false, 'was run');
    const y = controlDependencies([fails], () => print(x).mul(2));
    expect(session.runSync(y.add(1), [[y, 5]]).item()).toBe(6);
    expect(session.runSync([y, y.neg()], [[y, 5]]).map((r) => r.item())).toEqual([5, -5]);
    expect(() => session.runSync(y, [[x, 5]])).toThrow('was run');
  });

  test('may be awaited only', () => {
    const session = open();
    const go = placeholder('bool', [], { name: 'go' });
    const y = controlDependencies([go], () => constant(1).neg());
    expect(session.runSync(y, [[go, true]]).item()).toBe(-1);
    expect(() => session.runSync(y)).toThrow("run: placeholder 'go:0' is needed by what is fetched, and was not fed.");
  });

  test('may be a constant, also one that a loop or a branch reads', () => {
    const session = open();
    const c = constant(2);
    const [doubled] = whileLoop(
      (x) => x.less(100),
      (x) => [x.mul(c)],
      [constant(1)],
    );
    const chosen = cond(
      c.greater(0),
      () => c.add(1),
      () => c.neg(),
    );
    const [a, b] = [doubled, chosen];
    expect(session.runSync([a, b, c]).map((r) => r.item())).toEqual([128, 3, 2]);
    expect(session.runSync([a, b, c], [[c, 10]]).map((r) => r.item())).toEqual([100, 11, 10]);
    expect(session.runSync(b, [[c, -4]]).item()).toBe(4);
  });

  test('may be a variable that a loop reads, with or without a value of its own', () => {
    const session = open();
    const v = variable([1, 2]);
    const sums = scan(
      (total, x) => total.add(x.mul(v)),
      constant([
        [1, 1],
        [2, 2],
      ]),
      { initializer: constant([0, 0]) },
    );
    expect(session.runSync(sums, [[v, [1, 10]]]).toArray()).toEqual([
      [1, 10],
      [3, 30],
    ]);
    session.runSync(v.initializer);
    expect(session.runSync(sums).toArray()).toEqual([
      [1, 2],
      [3, 6],
    ]);
  });

  test('may be what a loop gives, one result of several, and what goes into it', () => {
    const session = open();
    const start = constant(1).add(1);
    const [n, x] = whileLoop(
      (i) => i.less(3),
      (i, y) => [i.add(1), y.mul(y)],
      [int(0), start],
    );
    const all = [n, x, x.add(1)];
    const values = (feeds: Feeds): number[] => session.runSync(all, feeds).map((r) => r.item());
    expect(session.runSync(all).map((r) => r.item())).toEqual([3, 256, 257]);
    expect(values([[x, 7]])).toEqual([3, 7, 8]);
    expect(values([[n, 9]])).toEqual([9, 256, 257]);
    expect(values([[start, 1]])).toEqual([3, 1, 2]);
  });

  test('must not be an integer constant that a body has a copy of', () => {
    const [step, at] = [constant(2, { dtype: 'int32', name: 'step' }), here()];
    const [n] = whileLoop(
      (i) => i.less(10),
      (i) => [i.add(step)],
      [int(0)],
    );
    const session = open();
    expect(messageFrom(() => session.runSync(n, [[step, 5]]))).toBe(
      "run: cannot feed 'step:0': it is an integer constant of which the body of 'while/while' holds a copy, expected a tensor that may change. Make it a placeholderWithDefault() instead.\n" +
        `  node:    'step' = Const()\n  made at: ${at}`,
    );
    const free = placeholderWithDefault(step, []);
    const [m] = whileLoop(
      (i) => i.less(10),
      (i) => [i.add(free)],
      [int(0)],
    );
    expect([session.runSync(m).item(), session.runSync(m, [[free, 7]]).item()]).toEqual([10, 14]);
    expect(session.runSync(int(1).add(int(4)), [[int(3), 5]]).item()).toBe(5);
  });
});

describe('feeds', () => {
  test('are structures with matching values: states of cells, arrays of them', () => {
    const session = open();
    const state = (): { c: Tensor; h: Tensor } => ({
      c: placeholder('float32', [1, 2]),
      h: placeholder('float32', [1, 2]),
    });
    const states = [state(), state()];
    const value = (n: number) => ({ h: [[n, n]], c: new NDArray('float32', [1, 2], Float32Array.of(-n, -n)) });
    const got = session.runSync(states, [[states, [value(1), value(2)]]]);
    expectTypeOf(got).toEqualTypeOf<{ c: NDArray; h: NDArray }[]>();
    expect(got.map(({ c, h }) => [c.toArray(), h.toArray()])).toEqual([
      [[[-1, -1]], [[1, 1]]],
      [[[-2, -2]], [[2, 2]]],
    ]);
  });

  test('may be integers, booleans and typed arrays with a shape', () => {
    const session = open();
    const [n, b, x] = [placeholder('int32', []), placeholder('bool', [2]), placeholder('float64', [2, 1])];
    const got = session.runSync({ n, b, x }, [
      [n, 3],
      [b, [true, false]],
      [x, Object.assign(Float64Array.of(1, 2), { shape: [2, 1] })],
    ]);
    expect([got.n.item(), got.b.toArray(), got.x.toArray()]).toEqual([3, [true, false], [[1], [2]]]);
  });

  test('in another order are the same program', () => {
    const backend = leakFree();
    const session = open(backend);
    const [x, y] = [placeholder('float32', []), placeholder('float32', [])];
    const z = x.sub(y).mul(constant(10));
    expect(
      session
        .runSync(z, [
          [x, 3],
          [y, 1],
        ])
        .item(),
    ).toBe(20);
    const { handles } = backend.stats();
    expect(
      session
        .runSync(z, [
          [y, 1],
          [x, 4],
        ])
        .item(),
    ).toBe(30);
    expect(
      session
        .runSync(z, [
          [
            { y, x },
            { x: 5, y: 1 },
          ],
        ])
        .item(),
    ).toBe(40);
    // Each program keeps its constant on the device.
    expect(backend.stats().handles).toBe(handles);
  });
});

describe('fetches', () => {
  test('may hold ops, variables, one thing several times, and nothing', () => {
    const session = open();
    const v = variable(1);
    const step = v.assignAdd(1).op;
    session.runSync(v.initializer);
    const got = session.runSync({ step, twice: [step, noOp()], before: v, none: [], empty: {}, sum: reduceSum(v) });
    expectTypeOf(got.twice).toEqualTypeOf<[null, null]>();
    expectTypeOf(got.none).toEqualTypeOf<[]>();
    expectTypeOf(got.empty).toEqualTypeOf<Record<never, never>>();
    const { before, sum, ...rest } = got;
    expect(rest).toEqual({ step: null, twice: [null, null], none: [], empty: {} });
    expect([before.item(), sum.item(), session.runSync(v).item()]).toEqual([1, 1, 2]);
  });
});

describe('describe', () => {
  test('prints the program of a run; placeholders count as fed', () => {
    const session = open();
    const [x, y] = [placeholder('float32', [], { name: 'x' }), placeholder('float32', [], { name: 'y' })];
    const z = x.mul(y);
    expect(session.describe(z)).toMatch(/^program \(@0: float32\[\], @1: float32\[\]\) \{\n/);
    expect(session.describe(z)).toBe(session.describe(z, [[y, 1]]));
    expect(session.describe(z.neg(), [[z, 1]])).toMatch(/^program \(@0: float32\[\]\) \{\n/);
    expect(session.describe(noOp())).toBe('program () {\n} -> ');
  });

  test('refuses what is of another graph', () => {
    const session = open();
    resetDefaultGraph();
    expect(() => session.describe(constant(1))).toThrow("run: 'Const:0' belongs to another graph");
  });
});
