import {
  type Tensor,
  assert,
  check,
  checkNumerics,
  constant,
  controlDependencies,
  elementwise,
  globalVariablesInitializer,
  placeholder,
  print,
  reduce,
  resetDefaultGraph,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Backend } from '../../src/backend.js';
import type { Session } from '../../src/session.js';
import { asynchronous, here, leakFree, open, rejection } from '../support.js';

beforeEach(() => resetDefaultGraph());
afterEach(() => void vi.restoreAllMocks());

/** What was printed since it was called. */
function printed(): () => string[] {
  const spy = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  return () => spy.mock.calls.map(([line]) => String(line));
}

/** A backend without the kernels that decide on the device whether elements are finite. */
const without = (backend: Backend): Backend => {
  const kernels = new Map(backend.kernels);
  kernels.delete(elementwise.isFinite);
  kernels.delete(reduce.all);
  return { ...backend, kernels };
};

describe.each([
  ['a synchronous backend', leakFree],
  ['an asynchronous backend', () => asynchronous(leakFree())],
  ['a backend that cannot decide it itself', () => without(leakFree())],
])('on %s', (_, backend) => {
  test('checkNumerics passes finite elements on, and fails with what it found', async () => {
    const session = open(backend());
    const x = placeholder('float32', [null], { name: 'X' });
    const [y, at] = [checkNumerics(x, 'the loss', { name: 'check' }), here()];
    const run = (value: number[]): Promise<unknown> => session.run(y.mul(2), [[x, value]]);
    expect((await session.run(y, [[x, [1, -2]]])).toArray()).toEqual([1, -2]);
    expect((await session.run(y, [[x, []]])).toArray()).toEqual([]);
    expect(await rejection(run([1, NaN]))).toBe(
      `CheckNumerics: the loss: tensor has NaN values\n  node:    'check' = CheckNumerics(X:0 float32[2])\n  made at: ${at}`,
    );
    await expect(run([-Infinity])).rejects.toThrow('CheckNumerics: the loss: tensor has Inf values');
    await expect(run([NaN, Infinity, 1])).rejects.toThrow('CheckNumerics: the loss: tensor has NaN and Inf values');
  });

  test('print prints when what it gives is used, and as often', async () => {
    const lines = printed();
    const session = open(backend());
    const x = constant([1, 2, 3, 4]);
    const n = constant(7, { dtype: 'int32' });
    const [a, b] = [print(x, [x, n], { message: 'a: ' }), print(x, [x, n], { message: 'a: ' })];
    print(x, undefined, { message: 'not used' });
    expect((await session.run(a.add(b))).toArray()).toEqual([2, 4, 6, 8]);
    expect(lines()).toEqual(['a: [1 2 3...][7]', 'a: [1 2 3...][7]']);
  });

  test('the session stops at the first result that is not finite, and names its node', async () => {
    const session = open(backend(), { checkNumerics: true });
    const x = placeholder('float32', [2], { name: 'X' });
    const [y, at] = [x.log({ name: 'L' }), here()];
    expect((await session.run(y.mul(0), [[x, [1, 2]]])).toArray()).toEqual([0, 0]);
    expect(await rejection(session.run(y.maximum(0), [[x, [1, -1]]]))).toBe(
      `checkNumerics: 'L' gave NaN, expected finite numbers. Look at how its inputs came about.\n  node:    'L' = Log(X:0 float32[2])\n  made at: ${at}`,
    );
    await expect(session.run(y, [[x, [1, 0]]])).rejects.toThrow("'L' gave Inf");
  });
});

describe('a session that checks numerics', () => {
  const checking = (): Session => open(leakFree(), { checkNumerics: true });

  test('looks into loops', async () => {
    const session = checking();
    const body = (x: Tensor): Tensor[] => [x.sub(1).log({ name: 'L' })];
    const [y] = whileLoop((x) => x.less(9), body, [constant(3)]);
    await expect(session.run(y)).rejects.toThrow("checkNumerics: 'while/L' gave NaN, expected finite numbers.");
  });

  test('looks at what is fed', () => {
    const session = checking();
    const x = placeholder('float32', [2], { name: 'X' });
    expect(() => session.runSync(x.isNan(), [[x, [1, NaN]]])).toThrow(
      "checkNumerics: 'X:0' is fed NaN, expected finite numbers. Clean the data, or open the session without checkNumerics.\n  node:    'X'",
    );
  });

  test('leaves a variable as it was when its new value is refused', async () => {
    const session = checking();
    const v = variable([1, 2]);
    await session.run(globalVariablesInitializer());
    const huge = constant([3e38, 0]);
    await session.run(v.assignAdd(huge));
    await expect(session.run(v.assignAdd(huge))).rejects.toThrow(/checkNumerics: '.*AssignAdd_1' gave Inf/);
    expect((await session.run(v)).toArray()).toEqual([Math.fround(3e38), 2]);
  });

  test('lets integers pass, and no other session checks', async () => {
    const session = checking();
    const n = constant([1, 2], { dtype: 'int32' });
    expect((await session.run(n.add(n))).toArray()).toEqual([2, 4]);
    expect((await open().run(constant(-1).log())).item()).toBeNaN();
  });
});

describe('print', () => {
  test('prints the first times only, in loops and in copies of them too', async () => {
    const lines = printed();
    const session = open();
    const body = (i: Tensor): Tensor[] => [print(i, undefined, { message: 'i=', firstN: 2 }).add(1)];
    const [y] = whileLoop((i) => i.less(5), body, [constant(0, { dtype: 'int32' })]);
    expect((await session.run(y)).item()).toBe(5);
    expect((await session.run(y.add(1))).item()).toBe(6);
    expect(lines()).toEqual(['i=[0]', 'i=[1]']);
    const other = open();
    await other.run(y);
    expect(lines()).toHaveLength(4);
  });
});

test('an assertion runs before what depends on it', () => {
  const session = open();
  const x = placeholder('float32', [null]);
  const positive = assert(x.greater(0), 'expected x > 0, got', [x], { summarize: -1 });
  const y = controlDependencies([positive], () => x.log());
  expect(session.runSync(y, [[x, [1]]]).toArray()).toEqual([0]);
  expect(() => session.runSync(y, [[x, [1, 2, 3, 0]]])).toThrow('Assert: expected x > 0, got [1 2 3 0]\n  node:');
  expect(positive.op).toBe(check.assert);
});
