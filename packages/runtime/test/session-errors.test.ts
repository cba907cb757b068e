import {
  constant,
  matmul,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  variable,
  whileLoop,
  type Tensor,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Session } from '../src/session.js';
import { here, leakFree, messageFrom, open, rejection } from './support.js';

beforeEach(() => resetDefaultGraph());

describe('errors name the node and the line of the user:', () => {
  /** The message, from run and runSync alike. */
  async function failure(session: Session, ...args: Parameters<Session['run']>): Promise<string> {
    const message = messageFrom(() => session.runSync(...args));
    expect(await rejection(session.run(...args))).toBe(message);
    return message;
  }

  test('a wrong shape is fed', async () => {
    const [x, at] = [placeholder('float32', [null, 3], { name: 'X' }), here()];
    expect(await failure(open(), x.exp(), [[x, [[1, 2]]]])).toBe(
      "run: cannot feed 'X:0': expected shape [?,3], got [1,2]. Reshape the value, or build the graph with null where a dimension varies.\n" +
        `  node:    'X' = Placeholder()\n  made at: ${at}`,
    );
  });

  test('a wrong dtype is fed', async () => {
    const [x, at] = [placeholder('int32', [2], { name: 'X' }), here()];
    expect(await failure(open(), x.add(1), [[x, Float32Array.of(1, 2)]])).toBe(
      "run: cannot feed 'X:0': expected dtype int32, got float32. Convert the value, or cast() in the graph.\n" +
        `  node:    'X' = Placeholder()\n  made at: ${at}`,
    );
  });

  test('a placeholder is not fed', async () => {
    const [x, at] = [placeholder('float32', [null, 3], { name: 'X' }), here()];
    expect(await failure(open(), x.exp())).toBe(
      "run: placeholder 'X:0' is needed by what is fetched, and was not fed. Add [X, value] to the feeds: Tensor(X:0 float32[?,3]).\n" +
        `  node:    'X' = Placeholder()\n  made at: ${at}`,
    );
  });

  test('shapes turn out not to fit', async () => {
    const [x, y] = ['X', 'Y'].map((name) => placeholder('float32', [null, null], { name }));
    const [z, at] = [matmul(x, y, { name: 'Z' }), here()];
    const zeros = (...shape: [number, number]) => ({ shape, data: new Float32Array(shape[0] * shape[1]) });
    expect(
      await failure(open(), z.exp(), [
        [x, zeros(2, 3)],
        [y, zeros(4, 2)],
      ]),
    ).toBe(
      'MatMul: inner dimensions differ: [2,3] has 3 columns, [4,2] has 4 rows. Make them equal, or transpose an operand.\n' +
        `  node:    'Z' = MatMul(X:0 float32[2,3], Y:0 float32[4,2])\n  made at: ${at}`,
    );
  });

  test('shapes turn out not to fit in a loop', async () => {
    const x = placeholder('float32', [null], { name: 'X' });
    const [body, at] = [(y: Tensor) => [y.add(x, { name: 'total' })], here()] as const;
    const [r] = whileLoop((y) => reduceSum(y).less(100), body, [constant([1, 2])], { shapeInvariants: [[null]] });
    expect(await failure(open(), r, [[x, [1, 2, 3]]])).toBe(
      'Add: shapes [2] and [3] do not broadcast. From the last axis backwards, lengths must be equal or 1.\n' +
        `  node:    'while/total' = Add(while/var_0_1:0 float32[2], while/capture:0 float32[3])\n  made at: ${at}`,
    );
  });

  test('a variable has no value', async () => {
    const [v, at] = [variable([1, 2], { name: 'W' }), here()];
    expect(await failure(open(), v.add(1))).toBe(
      "ReadVariable: variable 'W:0' has no value yet. Run globalVariablesInitializer() first, or assign to it.\n" +
        `  node:    Variable(W:0 float32[2])\n  made at: ${at}`,
    );
  });

  test('the backend has no kernel', async () => {
    const [y, at] = [constant([1, 2]).tanh({ name: 'Y' }), here()];
    const session = open({ ...leakFree(), name: 'tiny', kernels: new Map() });
    expect(await failure(session, y)).toBe(
      "Tanh: backend 'tiny' has no kernel for this op. Use another backend, add the kernel to its table, or make the session with { allowSoftPlacement: true }.\n" +
        `  node:    'Y' = Tanh(Const:0 float32[2])\n  made at: ${at}`,
    );
  });

  test('the backend does not hold a dtype', async () => {
    const [y, at] = [constant([1, 2], { dtype: 'float64', name: 'C' }).tanh(), here()];
    const session = open({ ...leakFree(), name: 'tiny', dtypes: new Set(['float32'] as const) });
    expect(await failure(session, y)).toBe(
      "Const: backend 'tiny' does not hold float64, expected one of float32, got C:0 float64[2]. Build it with another dtype, use another backend, or make the session with { allowSoftPlacement: true }.\n" +
        `  node:    'C' = Const()\n  made at: ${at}`,
    );
  });
});
