import {
  Graph,
  NDArray,
  constant,
  globalVariablesInitializer,
  noOp,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  variable,
  whileLoop,
  withGraph,
  type Tensor,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { passesWithout } from '../src/lower/lower.js';
import { Session } from '../src/session.js';
import { asynchronous, here, leakFree, messageFrom, open } from './support.js';

beforeEach(() => resetDefaultGraph());

const int = (n: number): Tensor => constant(n, { dtype: 'int32' });

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('fetches', () => {
  test('give results in their structure, with its types', async () => {
    const session = open();
    const [x, op] = [constant([1, 2], { dtype: 'int32' }), noOp()];
    const v = variable(3);
    await session.run(v.initializer);
    const r = await session.run({ sum: reduceSum(x), parts: [x, op, { v }], again: x });
    expectTypeOf(r).toEqualTypeOf<{ sum: NDArray; parts: [NDArray, null, { v: NDArray }]; again: NDArray }>();
    expect(r.sum.item()).toBe(3);
    expect(r.parts[0]).toEqual(new NDArray('int32', [2], Int32Array.of(1, 2)));
    expect(r.parts[1]).toBeNull();
    expect(r.parts[2].v.item()).toBe(3);
    expect(r.again).toEqual(r.parts[0]);
    expectTypeOf(session.runSync(x)).toEqualTypeOf<NDArray>();
    expectTypeOf(session.runSync(op)).toEqualTypeOf<null>();
    expectTypeOf(session.runSync([x, x])).toEqualTypeOf<[NDArray, NDArray]>();
    expectTypeOf(session.runSync([x].slice())).toEqualTypeOf<NDArray[]>();
    expect(session.runSync([])).toEqual([]);
  });

  test('are private copies, also of constants, of feeds and of one tensor fetched twice', async () => {
    const session = open();
    const [x, c] = [placeholder('float32', [2]), constant([1, 2])];
    const results = (): Promise<NDArray[]> => session.run([c, c, x, x, c.exp().log()], [[x, [1, 2]]]);
    const before = await results();
    const copies = before.map(({ data }) => Array.from(data));
    before.forEach((r, i) => r.data.fill(-i));
    expect(before.map(({ data }) => data[0])).toEqual([-0, -1, -2, -3, -4]);
    expect((await results()).map(({ data }) => Array.from(data))).toEqual(copies);
  });

  test('of another graph or of a body are refused', () => {
    const session = open();
    const [other, at] = withGraph(new Graph(), () => [constant(1, { name: 'c' }), here()]);
    expect(messageFrom(() => session.runSync(other))).toBe(
      `run: 'c:0' belongs to another graph, expected one of the session's. Make the session with { graph }.\n  node:    'c' = Const()\n  made at: ${at}`,
    );
    const inside: Tensor[] = [];
    const [body, line] = [(i: Tensor) => [(inside[0] = i.add(1, { name: 'next' }))], here()] as const;
    whileLoop((i) => i.less(3), body, [int(0)]);
    expect(messageFrom(() => session.runSync(inside))).toBe(
      `run: 'while/next:0' belongs to the body of a loop or branch, expected a value of the graph around it. Return it from the body.\n` +
        `  node:    'while/next' = Add(while/var_0_1:0 int32[], while/Const_1:0 int32[])\n  made at: ${line}`,
    );
  });
});

describe('feeds', () => {
  test('may stand for any tensor: a placeholder, a value on the way, a variable, structures of them', async () => {
    const session = open();
    const x = placeholder('float32', [2]);
    const v = variable([10, 20]);
    const y = x.mul(2);
    const z = y.add(v);
    session.runSync(globalVariablesInitializer());
    expect((await session.run(z, [[x, [1, 2]]])).toArray()).toEqual([12, 24]);
    expect((await session.run(z, [[y, [1, 2]]])).toArray()).toEqual([11, 22]);
    expect(
      (
        await session.run(z, [
          [
            { a: [x], v },
            { a: [[1, 2]], v: [0, 0] },
          ],
        ])
      ).toArray(),
    ).toEqual([2, 4]);
    expect((await session.run([z, v], [[z, [7, 7]]])).map((r) => r.toArray())).toEqual([
      [7, 7],
      [10, 20],
    ]);
  });

  test('are copied when run is called', async () => {
    const session = open();
    const x = placeholder('float32', [2]);
    const data = Float32Array.of(1, 2);
    const runs = [session.run(x.neg(), [[x, data]]), session.run(x, [[x, data]])];
    data.fill(9);
    expect((await Promise.all(runs)).map((r) => r.toArray())).toEqual([
      [-1, -2],
      [1, 2],
    ]);
  });

  test('do not change what they stand for in later runs', () => {
    const session = open();
    const v = variable([1, 2]);
    session.runSync(v.initializer);
    session.runSync(v, [[v, [5, 6]]]);
    expect(session.runSync(v).toArray()).toEqual([1, 2]);
  });
});

describe('programs', () => {
  test('are kept, at most 64 of them, and given up with their constants', () => {
    const backend = leakFree();
    const session = open(backend);
    const x = placeholder('float32', []);
    const fetches = Array.from({ length: 70 }, (_, i) => x.add(constant(i)));
    const handles = fetches.map((y) => {
      session.runSync(y, [[x, 1]]);
      return backend.stats().handles;
    });
    // Each program keeps one constant on the device.
    expect(handles.slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1));
    expect(handles.slice(64)).toEqual([64, 64, 64, 64, 64, 64]);
    expect(session.runSync(fetches[0], [[x, 1]]).item()).toBe(1);
  });

  test('go in the order they were last used', () => {
    const backend = leakFree();
    const uploaded: number[] = [];
    const session = open({
      ...backend,
      upload(tensor) {
        uploaded.push(tensor.data.length);
        return backend.upload(tensor);
      },
    });
    const x = placeholder('float32', []);
    const large = reduceSum(constant(new Float32Array(1000))).add(x);
    const others = Array.from({ length: 70 }, (_, i) => x.add(constant(i)));
    for (const y of others) {
      session.runSync(large, [[x, 1]]);
      session.runSync(y, [[x, 1]]);
    }
    expect(uploaded.filter((length) => length === 1000)).toHaveLength(1);
    for (const y of others) session.runSync(y, [[x, 1]]);
    session.runSync(large, [[x, 1]]);
    expect(uploaded.filter((length) => length === 1000)).toHaveLength(2);
  });

  test('that a waiting run needs are given up only after it', async () => {
    const session = open(asynchronous(leakFree()));
    const x = placeholder('float32', []);
    const runs = Array.from({ length: 140 }, (_, i) => session.run(x.add(constant(i)), [[x, 1]]));
    expect((await Promise.all(runs)).map((r) => r.item())).toEqual(runs.map((_, i) => 1 + i));
  });

  test('print', () => {
    const session = open();
    const x = placeholder('float32', [], { name: 'x' });
    expect(session.describe({ y: x.neg() })).toMatchInlineSnapshot(`
      "program (@0: float32[]) {
        %1: float32[] = upload @0
        %2: float32[] = Neg(!%1)  # Neg
        release %1
        @3: float32[] = download %2
        release %2
      } -> @3"
    `);
  });

  test('go through the passes that are given', () => {
    const x = placeholder('float32', []);
    const [, y] = whileLoop(
      (i) => i.less(3),
      (i, v) => [i.add(1), v.add(x.neg())],
      [int(0), constant(0)],
    );
    const [all, noHoist] = [open(), open(leakFree(), { passes: passesWithout('hoist') })];
    const isHoisted = (session: Session): boolean => /^ {2}%.*= Neg/m.test(session.describe(y));
    expect([isHoisted(all), isHoisted(noHoist)]).toEqual([true, false]);
    for (const session of [all, noHoist]) expect(session.runSync(y, [[x, 2]]).item()).toBe(-6);
  });
});

describe('close', () => {
  test('gives everything back; later runs throw', async () => {
    const backend = leakFree();
    const session = new Session({ backend });
    const v = variable([1, 2]);
    await session.run(v.initializer);
    await session.run(v.add([1, 1]));
    expect(backend.stats().handles).toBe(3);
    session.close();
    session.close();
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
    const message = 'run: the session is closed. Make a new one.';
    expect(() => session.runSync(v)).toThrow(new Error(message));
    await expect(session.run(v)).rejects.toThrow(new Error(message));
  });

  test('waits for pending runs', async () => {
    const backend = leakFree();
    const session = new Session({ backend: asynchronous(backend) });
    const v = variable([1, 2]);
    await session.run(v.initializer);
    const runs = [session.run(v.add([1, 1])), session.run(v.neg())];
    session.close();
    expect((await Promise.all(runs)).map((r) => r.toArray())).toEqual([
      [2, 3],
      [-1, -2],
    ]);
    await settled();
    expect(backend.stats().handles).toBe(0);
  });

  test('comes with await using', async () => {
    const backend = leakFree();
    {
      await using session = new Session({ backend: asynchronous(backend) });
      const v = variable([1, 2]);
      void session.run(v.initializer);
      void session.run(v.exp());
    }
    expect(backend.stats().handles).toBe(0);
  });
});
