import { apply, check, constant, elementwise, makeOp, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import type { Backend, Kernel } from '../src/backend.js';
import { defineKernels, kernelFor } from '../src/foreign.js';
import { asynchronous, leakFree, open, rejection } from './support.js';

beforeEach(() => resetDefaultGraph());

const twice = () => makeOp({ name: 'Twice', infer: ([x]) => [x.spec] });

test("a backend's own kernel comes first, then the runtime's, then the op's; none is undefined", () => {
  const backend = leakFree();
  const own: Kernel<unknown> = ([x]) => backend.retain(x);
  const op = twice();
  const having: Backend = { ...backend, kernels: new Map([[op, own]]) };
  defineKernels(op, { reference: () => own, host: () => undefined });
  expect(kernelFor(having, op)).toBe(own);
  expect(kernelFor(backend, op)).toBe(own);
  expect(kernelFor(backend, elementwise.add)).toBe(backend.kernels.get(elementwise.add));
  expect(kernelFor(backend, check.print)).toBeTypeOf('function');
  expect(kernelFor(backend, twice())).toBeUndefined();
});

test('a kernel is made once for a backend', () => {
  const [op, backend] = [twice(), leakFree()];
  let made = 0;
  defineKernels(op, {
    reference: () => {
      made++;
      return ([x]) => backend.retain(x);
    },
  });
  expect(kernelFor(backend, op)).toBe(kernelFor(backend, op));
  expect(made).toBe(1);
  kernelFor(leakFree(), op);
  expect(made).toBe(2);
});

test.each([
  ['a synchronous', leakFree],
  ['an asynchronous', () => asynchronous(leakFree())],
])('plain loops serve %s backend without a kernel', async (_, backend) => {
  const op = twice();
  defineKernels(op, {
    other: () => {
      throw new Error('another backend');
    },
    host([x], [y]) {
      if (x.data[0] < 0) throw new RangeError('Twice: too little.');
      x.data.forEach((v, i) => (y.data[i] = 2 * v));
    },
  });
  const session = open(backend());
  const [y, z] = [constant([1, 2, 3]), constant([-1])].map((x) => apply(op, [x], {}).output());
  expect((await session.run(y)).toArray()).toEqual([2, 4, 6]);
  expect(await rejection(session.run(z))).toMatch(/^Twice: too little.\n {2}node: {4}'Twice_1' = Twice\(/);
});
