import {
  NDArray,
  type Tensor,
  constant,
  floordiv,
  matmul,
  placeholder,
  randomUniform,
  resetDefaultGraph,
  tanh,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { hoist } from '../../src/lower/hoist.js';
import { type Feeds, expectSame, opsOf, stepsOf } from './rewrites.js';

beforeEach(() => resetDefaultGraph());

/** Repeats `body` three times; what it gives, and a matrix that it may read. */
function repeat(
  body: (y: Tensor, a: Tensor) => Tensor,
  shape: readonly (number | null)[] = [2, 2],
): { y: Tensor; feeds: Feeds } {
  const a = placeholder('float64', shape);
  const [, y] = whileLoop(
    (i, _y) => i.less(3),
    (i, y) => [i.add(1), body(y, a)],
    [
      constant(0, { dtype: 'int32' }),
      constant(
        [
          [1, 2],
          [3, 4],
        ],
        { dtype: 'float64' },
      ),
    ],
  );
  return { y, feeds: [[a, new NDArray('float64', [2, 2], Float64Array.of(0.5, -0.25, 0.75, 0.1))]] };
}

test('computes once, before the loop, what is the same at every trip', () => {
  const { y, feeds } = repeat((y, a) => matmul(y, tanh(matmul(a, a).mul(2))));
  expect(opsOf(stepsOf([y], [], feeds)).body).toEqual(expect.arrayContaining(['Tanh', 'Mul']));
  const { body, around } = opsOf(stepsOf([y], [hoist], feeds));
  expect(body.filter((op) => op === 'MatMul')).toHaveLength(1);
  expect(body).not.toContain('Tanh');
  expect(around).toEqual(expect.arrayContaining(['MatMul', 'Mul', 'Tanh']));
  expectSame([y], [hoist], feeds);
});

test('leaves what could fail, or draws random numbers, where it may never run', () => {
  const open = repeat(
    (y, a) =>
      y.add(
        tanh(
          a.add(
            constant(
              [
                [1, 2],
                [3, 4],
              ],
              { dtype: 'float64' },
            ),
          ),
        ),
      ),
    [null, null],
  );
  expect(opsOf(stepsOf([open.y], [hoist], open.feeds)).body).toContain('Tanh');
  const divisor = placeholder('int32', []);
  const [, q] = whileLoop(
    (i, _q) => i.less(0),
    (i, q) => [i.add(1), q.add(floordiv(7, divisor))],
    [constant(0, { dtype: 'int32' }), constant(1, { dtype: 'int32' })],
  );
  const zero: Feeds = [[divisor, new NDArray('int32', [], Int32Array.of(0))]];
  expectSame([q], [hoist], zero);
  const { y, feeds } = repeat((y) => y.add(randomUniform([2, 2], { dtype: 'float64', seed: 1 })));
  expect(opsOf(stepsOf([y], [hoist], feeds)).body).toContain('RandomUniform');
});
