import { reference } from '@tensorloom/backend-reference';
import { type Tensor, apply, constant, makeOp, mul, neg, resetDefaultGraph, toTensor } from '@tensorloom/graph';
import { Session, defineKernels } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import { createDifferentiate, createGradients, defineGradient, gradients, ruleTable } from '../src/index.js';

beforeEach(() => resetDefaultGraph());

/** (x) to x^3 and -x. */
const Cube = makeOp<{ readonly scale: number }>({ name: 'Cube', infer: ([x]) => [x.spec, x.spec] });
const cube = (x: Tensor): Tensor[] => {
  const node = apply(Cube, [x], { scale: 3 });
  return [node.output(0), node.output(1)];
};
defineKernels(Cube, {
  host: ([x], [y, z]) =>
    x.data.forEach((v, i) => {
      y.data[i] = v ** 3;
      z.data[i] = -v;
    }),
});

const values = (...ts: (Tensor | null)[]): number[] => {
  const session = new Session({ backend: reference() });
  return session.runSync(ts.flatMap((t) => t ?? [])).map((r) => r.item());
};

test('an op without a rule is told; with one, it has gradients of every order', () => {
  const x = constant(2);
  const [y, z] = cube(x);
  expect(() => gradients(y, x)).toThrow("gradients: 'Cube' has no gradient rule.");
  defineGradient(Cube, ({ inputs: [a], attrs: { scale } }, dy, dz) => [mul(dy, mul(a, a)).mul(scale).sub(dz)]);
  const [dx] = gradients(y, x);
  expect(values(dx, ...gradients(dx ?? x, x), ...gradients([y, z], x), ...gradients(z, x))).toEqual([12, 12, 11, -1]);
});

test('belongs to the op: sweeps over other tables know it too', () => {
  defineGradient(Cube, (_, dy) => [neg(dy)]);
  const own = createGradients(createDifferentiate(ruleTable()));
  const x = toTensor(5);
  expect(values(...own(cube(x)[0], x))).toEqual([-1]);
  defineGradient(Cube, null);
  expect(own(cube(x)[0], x)).toEqual([null]);
});

test('must give one gradient per input', () => {
  defineGradient(Cube, () => []);
  const x = toTensor(5);
  expect(() => gradients(cube(x)[0], x)).toThrow(
    "gradients: the gradient of 'Cube' gave 0 tensors, expected 1. Return one for each input, null where none flows.\n  node:    'Cube' = Cube(",
  );
});
