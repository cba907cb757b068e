import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  constant,
  customGradient,
  exp,
  identity,
  log,
  reduceSum,
  resetDefaultGraph,
  scan,
  stopGradient,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

const value = (t: Tensor | null): number[] => {
  if (t === null) throw new Error('no gradient');
  const session = new Session({ backend: reference() });
  const v = Array.from(session.runSync(t).data);
  session.close();
  return v;
};

test('stopGradient holds its input constant', () => {
  const x = constant(3);
  expect(value(gradients(x.mul(stopGradient(x)), x)[0])).toEqual([3]);
  expect(gradients(stopGradient(x.mul(x)), x)).toEqual([null]);
});

test('identity passes gradients on', () => {
  checkGradients({ inputs: [Float64Array.of(0.3)], order: 2, build: ([x]) => identity(x.sin()) });
});

/** log(1 + e^x), with the gradient that does not overflow: 1 - 1 / (1 + e^x). */
const log1pexp = customGradient((x) => {
  const e = exp(x);
  return [
    log(e.add(1)),
    (dy: Tensor) => dy.mul(constant(1, { dtype: x.dtype }).sub(constant(1, { dtype: x.dtype }).div(e.add(1)))),
  ] as const;
});

test('customGradient replaces the gradient of the ops inside', () => {
  const x = constant(100);
  expect(value(gradients(log1pexp(x), x)[0])).toEqual([1]);
});

test('customGradient is differentiated again through its own ops, orders 1 and 2', () => {
  checkGradients({ inputs: [Float64Array.of(0.4, -1.2)], order: 2, build: ([x]) => log1pexp(x.sin()) });
});

test('customGradient in a loop, orders 1 and 2', () => {
  checkGradients({
    inputs: [Float64Array.of(0.4, -1.2, 0.3), { shape: [], data: Float64Array.of(0.2) }],
    order: 2,
    build: ([xs, h0]) => scan((h, x) => log1pexp(h.mul(x)), xs, { initializer: h0 }),
  });
});

test('customGradient may differ from the true one', () => {
  const tripled = customGradient((x) => [x.mul(x), (dy: Tensor) => dy.mul(3)] as const);
  const x = constant([5, 6]);
  expect(value(gradients(reduceSum(tripled(x)), x)[0])).toEqual([3, 3]);
});
