import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  checkNumerics,
  constant,
  placeholder,
  print,
  reduceSum,
  resetDefaultGraph,
  scan,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gradients } from '../../src/index.js';

beforeEach(() => resetDefaultGraph());
afterEach(() => void vi.restoreAllMocks());

const present = (t: Tensor | null): Tensor => {
  if (t === null) throw new Error('no gradient');
  return t;
};

test('gradients pass through checkNumerics and print, but not to what is printed', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const session = new Session({ backend: reference() });
  const [x, other] = [constant([1, 2]), constant([3, 4])];
  const y = print(checkNumerics(x.square(), 'x'), [other]);
  const [dx, none] = gradients(y, [x, other]);
  expect(none).toBeNull();
  expect(session.runSync(present(dx)).toArray()).toEqual([2, 4]);
});

// As tf.check_numerics does.
test('the gradient of a checked tensor is checked', () => {
  const session = new Session({ backend: reference() });
  const x = placeholder('float32', []);
  const [dx] = gradients(checkNumerics(x, 'loss').sqrt(), x);
  expect(session.runSync(present(dx), [[x, 4]]).item()).toBe(0.25);
  expect(() => session.runSync(present(dx), [[x, 0]])).toThrow('CheckNumerics: loss, gradient: tensor has Inf values');
});

test('print in a loop prints on the way there only, however the gradient reads it', () => {
  const lines = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const session = new Session({ backend: reference() });
  const xs = constant([1, 2, 3]);
  const body = (h: Tensor, x: Tensor): Tensor =>
    checkNumerics(print(h.mul(x), undefined, { message: 'h=' }), 'h').square();
  const [dx] = gradients(reduceSum(scan(body, xs, { initializer: constant(2) })), xs);
  expect(session.runSync(present(dx)).toArray()).toEqual([295176, 73792, 24576]);
  expect(lines.mock.calls.map(([line]) => String(line))).toEqual(['h=[2]', 'h=[8]', 'h=[192]']);
});
