import { gradients } from '@tensorloom/autodiff';
import {
  type DType,
  type Op,
  type Tensor,
  cast,
  constant,
  device,
  elementwise,
  globalVariablesInitializer,
  matmul,
  placeholder,
  print,
  reduceSum,
  resetDefaultGraph,
  scan,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Backend, Kernel } from '../src/backend.js';
import { Session, type SessionOptions } from '../src/session.js';
import { asynchronous, here, leakFree, messageFrom } from './support.js';

beforeEach(() => resetDefaultGraph());

/** A session on several backends, which leaves nothing behind. */
function openAll(backends: Record<string, Backend>, options: SessionOptions = {}): Session {
  const session = new Session({ backends, ...options });
  onTestFinished(() => session[Symbol.asyncDispose]());
  return session;
}
const two = () => ({ cpu: leakFree(), gpu: leakFree() });

/** A backend that notes the ops it ran. */
function watched(): Backend & { readonly ran: string[] } {
  const backend = leakFree();
  const ran: string[] = [];
  const kernels = Array.from(backend.kernels, ([op, run]): [Op, Kernel<unknown>] => [
    op,
    (inputs, call) => {
      ran.push(op.name);
      return run(inputs, call);
    },
  ]);
  return { ...backend, ran, kernels: new Map(kernels) };
}
const lacking = (backend: Backend, ...ops: Op[]): Backend => ({
  ...backend,
  name: 'tiny',
  kernels: new Map([...backend.kernels].filter(([op]) => !ops.includes(op))),
});
const holding = (backend: Backend, ...dtypes: DType[]): Backend => ({
  ...backend,
  name: 'tiny',
  dtypes: new Set(dtypes),
});

describe('ops run on the device that they were made for', () => {
  test('and on the first when made for none; values move', () => {
    const [cpu, gpu] = [watched(), watched()];
    const x = placeholder('float32', [2]);
    const y = device('gpu', () => x.exp().tanh()).neg();
    const sess = openAll({ cpu, gpu });
    expect(sess.runSync(y, [[x, [0, 1]]]).toArray()).toEqual([-Math.fround(Math.tanh(1)), expect.closeTo(-0.9913, 4)]);
    expect([cpu.ran, gpu.ran]).toEqual([['Neg'], ['Exp', 'Tanh']]);
  });

  test('in loops too, with what a loop reads moved before it', () => {
    const [cpu, gpu] = [watched(), watched()];
    const w = variable([
      [2, 0],
      [0, 2],
    ]);
    const x = placeholder('float32', [null, 1, 2]);
    const ys = scan((h: Tensor, row: Tensor) => device('/gpu:0', () => matmul(h, w).add(row)), x, {
      initializer: constant([[0, 0]]),
    });
    const sess = openAll({ cpu, gpu });
    sess.runSync(globalVariablesInitializer());
    [cpu.ran, gpu.ran].forEach((ran) => ran.splice(0));
    expect(sess.runSync(ys, [[x, [[[1, 2]], [[3, 4]], [[5, 6]]]]]).toArray()).toEqual([[[1, 2]], [[5, 8]], [[15, 22]]]);
    expect(new Set(cpu.ran)).toEqual(new Set());
    expect(gpu.ran.filter((op) => op === 'MatMul')).toHaveLength(3);
    const body = /do \(.*?\n {4}\}/s.exec(sess.describe(ys))?.[0];
    expect(body).toBeDefined();
    expect(body).not.toMatch(/copy|upload|download/);
  });

  test('variables too, with the gradients of what was made there', () => {
    const [cpu, gpu] = [watched(), watched()];
    const v = device('gpu', () => variable([1, 2], { name: 'v' }));
    const loss = device('gpu', () => reduceSum(v.square()));
    const [g] = gradients(loss, v);
    const step = v.assignSub(g as Tensor);
    const sess = openAll({ cpu, gpu });
    sess.runSync(v.initializer);
    expect(sess.runSync(step).toArray()).toEqual([-1, -2]);
    expect(cpu.ran).toEqual([]);
    expect(cpu.stats().handles).toBe(0);
    expect(gpu.stats().handles).toBeGreaterThan(0);
  });

  test('on backends that have to wait', async () => {
    const x = placeholder('float32', [2]);
    const slow = { cpu: asynchronous(leakFree()), gpu: asynchronous(leakFree()) };
    const [y] = whileLoop(
      (h) => reduceSum(h).less(100),
      (h) => [device('gpu', () => h.mul(2)).add(x)],
      [x],
    );
    const sess = openAll(slow);
    expect((await sess.run(y, [[x, [1, 2]]])).toArray()).toEqual([63, 126]);
  });

  test('checks and prints among them', () => {
    const seen = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    onTestFinished(() => seen.mockRestore());
    const x = constant([1, 2]);
    const y = device('gpu', () => print(x.exp(), [x], { message: 'x is ' }));
    const sess = openAll(two(), { checkNumerics: true });
    expect(sess.runSync(y).toArray()).toEqual([Math.fround(Math.E), expect.closeTo(Math.E ** 2, 5)]);
    expect(seen).toHaveBeenCalledWith('x is [1 2]');
  });
});

describe('a session with one backend', () => {
  test('runs everything there', () => {
    const y = device('/gpu:3', () => constant([1, 2]).neg());
    const sess = new Session({ backend: leakFree() });
    expect(sess.runSync(y).toArray()).toEqual([-1, -2]);
    sess.close();
  });
});

describe('what cannot run where it was placed', () => {
  test('is an error that names the device, with the line', () => {
    const [y, at] = [device('/tpu:0', () => constant([1, 2]).neg({ name: 'y' })), here()];
    const sess = openAll(two());
    expect(messageFrom(() => sess.runSync(y))).toBe(
      "Neg: the session has no device '/tpu:0', expected one of cpu, gpu. Make the session with it: { backends }, or let it choose another: { allowSoftPlacement: true }.\n" +
        `  node:    'y' = Neg(Const:0 float32[2])\n  made at: ${at}`,
    );
  });

  test('is an error that names op and backend, or dtype and backend', () => {
    const { cpu, gpu } = two();
    const y = device('gpu', () => constant([1, 2]).neg());
    expect(() => openAll({ cpu, gpu: lacking(gpu, elementwise.neg) }).runSync(y)).toThrow(
      "Neg: backend 'tiny' has no kernel for this op.",
    );
    const z = device('gpu', () => cast(constant([1, 2]), 'float64'));
    expect(() => openAll({ cpu, gpu: holding(gpu, 'float32') }).runSync(z)).toThrow(
      "Cast: backend 'tiny' does not hold float64, expected one of float32",
    );
  });

  test('runs elsewhere when that is allowed: ops, dtypes, variables, and what loops carry', () => {
    const { cpu, gpu } = two();
    const n = variable(cast(constant([1, 2]), 'float64'));
    const [h] = whileLoop(
      (x) => reduceSum(x).less(cast(constant(100), 'float64')),
      (x) => [x.add(x).neg().neg()],
      [n.value()],
    );
    const y = cast(h, 'float32').exp().neg();
    const sess = openAll(
      { gpu: holding(lacking(gpu, elementwise.exp), 'float32', 'int32', 'bool'), cpu },
      { allowSoftPlacement: true },
    );
    sess.runSync(globalVariablesInitializer());
    expect(sess.runSync(h).toArray()).toEqual([64, 128]);
    expect(sess.runSync(cast(h, 'float32').neg()).toArray()).toEqual([-64, -128]);
    expect(sess.runSync(y).toArray()).toEqual([expect.closeTo(-Math.exp(64), -24), -Infinity]);
    expect(sess.describe(y)).toMatch(/^gpu: Neg\ncpu: /);
  });
});

test('describe says what runs where and what is copied', () => {
  const x = placeholder('float32', [2], { name: 'x' });
  const h = device('gpu', () => x.exp({ name: 'h' }));
  const sess = openAll(two());
  expect(sess.describe(h.neg({ name: 'y' }).add(h, { name: 'z' }))).toMatchInlineSnapshot(`
    "cpu: Neg, Add
    gpu: Exp
    copied from gpu to cpu: h:0 float32[2]

    program (@0: float32[2]) {
      %1: float32[2] on gpu = upload @0
      %2: float32[2] on gpu = Exp(!%1)  # h
      release %1
      %3: float32[2] = copy %2
      release %2
      %4: float32[2] = Neg(%3)  # y
      %5: float32[2] = Add(!%4, !%3)  # z
      release %4, %3
      @6: float32[2] = download %5
      release %5
    } -> @6"
  `);
});

test('backends are given in one way, and there is one', () => {
  expect(() => new Session({})).toThrow('Session: expected a backend, got none. Pass { backend } or { backends }.');
  expect(() => new Session({ backends: {} })).toThrow('Session: expected a backend, got none.');
  expect(() => new Session({ backend: leakFree(), backends: two() })).toThrow(
    'Session: expected backend or backends, got both. Put the backend among the backends.',
  );
});
