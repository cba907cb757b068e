import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import * as tl from 'tensorloom';

beforeEach(() => tl.resetDefaultGraph());

test('an interactive session runs what is asked of its graph', async () => {
  const x = tl.placeholder('float32', [2]);
  const v = tl.variable([1, 2]);
  const session = new tl.InteractiveSession();
  expectTypeOf(v.initializer.run()).toEqualTypeOf<Promise<void>>();
  await v.initializer.run();
  const y = x.mul(v);
  expectTypeOf(y.eval([[x, [3, 4]]])).toEqualTypeOf<Promise<tl.NDArray>>();
  expect((await y.eval(new Map([[x, [3, 4]]]))).toArray()).toEqual([3, 8]);
  expect((await v.eval()).toArray()).toEqual([1, 2]);
  await v.assignAdd(x).op.run([[x, [10, 10]]]);
  expect((await v.eval()).toArray()).toEqual([11, 12]);
  session.close();
  await expect(v.eval()).rejects.toThrow('eval: no session');
});

test('of several the latest counts, and each belongs to its graph', async () => {
  const v = tl.variable(0);
  const outer = new tl.InteractiveSession();
  await v.assign(1).op.run();
  const inner = new tl.InteractiveSession();
  await v.assign(2).op.run();
  expect((await v.eval([], outer)).item()).toBe(1);
  const graph = new tl.Graph();
  const elsewhere = new tl.InteractiveSession({ graph });
  expect((await v.eval()).item()).toBe(2);
  expect((await tl.withGraph(graph, () => tl.constant(5)).eval()).item()).toBe(5);
  inner.close();
  expect((await v.eval()).item()).toBe(1);
  elsewhere.close();
  await outer[Symbol.asyncDispose]();
  await expect(v.initializer.run()).rejects.toThrow('run: no session');
});
