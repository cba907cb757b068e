import { constant, defaultSession, defaultGraph, resetDefaultGraph, variable } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { open } from './support.js';

beforeEach(() => resetDefaultGraph());

test('asDefault makes a session the default one until the function returns', async () => {
  const [a, b] = [open(), open()];
  const v = variable(1);
  const got = a.asDefault(() => {
    b.asDefault(() => expect(defaultSession(defaultGraph())).toBe(b));
    return v.assign(2).eval();
  });
  expect(got).toBeInstanceOf(Promise);
  expect((await got).item()).toBe(2);
  expect(a.asDefault(() => 5)).toBe(5);
  expect(defaultSession(defaultGraph())).toBeUndefined();
  expect(() =>
    a.asDefault(() => {
      throw new RangeError('no');
    }),
  ).toThrow(new RangeError('no'));
  expect(defaultSession(defaultGraph())).toBeUndefined();
});

test('asDefault waits for a promise', async () => {
  const session = open();
  const v = variable(1);
  const sum = await session.asDefault(async () => {
    await v.initializer.run();
    const before = await v.eval();
    return before.item() + (await constant(3).eval()).item();
  });
  expect(sum).toBe(4);
  expect(defaultSession(defaultGraph())).toBeUndefined();
  await expect(session.asDefault(() => Promise.reject(new RangeError('no')))).rejects.toThrow(new RangeError('no'));
  expect(defaultSession(defaultGraph())).toBeUndefined();
});
