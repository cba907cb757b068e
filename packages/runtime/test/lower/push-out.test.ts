import {
  NDArray,
  type Tensor,
  concat,
  constant,
  loopOver,
  matmul,
  placeholder,
  resetDefaultGraph,
  tanh,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { prune } from '../../src/lower/prune.js';
import { pushOut } from '../../src/lower/push-out.js';
import { type Feeds, expectSame, opsOf, stepsOf } from './rewrites.js';

beforeEach(() => resetDefaultGraph());
const wave = (n: number, step: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i * step));

/** h' = tanh(f(x) K + h) over four steps of two rows. */
function over(
  f: (row: Tensor) => Tensor,
  { length, reverse = false, swapMemory = false }: { length?: number; reverse?: boolean; swapMemory?: boolean } = {},
): { h: Tensor; feeds: Feeds } {
  const x = placeholder('float64', [null, null, 3]);
  const width = f(placeholder('float64', [null, 3])).shape?.[1] ?? 0;
  const K = placeholder('float64', [width, 2]);
  const { carry } = loopOver(
    ([h], [row]) => ({ carry: [tanh(matmul(f(row), K).add(h))], ys: [] }),
    [
      constant(
        [
          [0.1, 0.2],
          [0, -0.1],
        ],
        { dtype: 'float64' },
      ),
    ],
    [x],
    { reverse, swapMemory, ...(length !== undefined && { length: constant(length, { dtype: 'int32' }) }) },
  );
  return {
    h: carry[0],
    feeds: [
      [x, new NDArray('float64', [4, 2, 3], wave(24, 0.7))],
      [K, new NDArray('float64', [width, 2], wave(width * 2, 1.3))],
    ],
  };
}

test.each([
  ['of rows', (row: Tensor) => row],
  ['of what follows from rows', (row: Tensor) => concat([row.exp(), row.mul(row)], 1)],
])('a product %s is computed for all rows at once', (_, f) => {
  const { h, feeds } = over(f);
  expect(opsOf(stepsOf([h], [], feeds)).body).toContain('MatMul');
  const { body, around } = opsOf(stepsOf([h], [pushOut, prune], feeds));
  expect(body).toEqual(['Add', 'Tanh']);
  expect(around).toContain('MatMul');
  expectSame([h], [pushOut, prune], feeds);
});

test.each([0, 2, 4, 9])('a loop of %i trips, forwards and backwards', (length) => {
  for (const reverse of [false, true]) {
    resetDefaultGraph();
    const { h, feeds } = over((row) => row, { length, reverse });
    expect(opsOf(stepsOf([h], [pushOut, prune], feeds)).body).toEqual(['Add', 'Tanh']);
    expectSame([h], [pushOut, prune], feeds);
  }
});

test('not in a loop that swaps, which keeps rows off the device', () => {
  const { h, feeds } = over((row) => row, { swapMemory: true });
  expect(opsOf(stepsOf([h], [pushOut], feeds)).body).toContain('MatMul');
});

test('not what depends on a carry, nor in a loop with a condition', () => {
  const { h, feeds } = over((row) => row.mul(2));
  // A constant factor has another rank than a row: it stays.
  expect(opsOf(stepsOf([h], [pushOut], feeds)).body).toContain('MatMul');
  const a = placeholder('float64', [2, 2]);
  const [, y] = whileLoop(
    (i, _y) => i.less(3),
    (i, y) => [i.add(1), matmul(y, a)],
    [constant(0, { dtype: 'int32' }), constant([[1, 2]], { dtype: 'float64' })],
  );
  const fed: Feeds = [[a, new NDArray('float64', [2, 2], wave(4, 1))]];
  expect(opsOf(stepsOf([y], [pushOut], fed)).body).toContain('MatMul');
});

test('not where one row is repeated for the others', () => {
  const [x, one] = [placeholder('float64', [null, null, 3]), placeholder('float64', [null, null, 3])];
  const K = placeholder('float64', [3, 2]);
  const { carry } = loopOver(
    ([h], [row, single]) => ({ carry: [tanh(matmul(row.add(single), K).add(h))], ys: [] }),
    [
      constant(
        [
          [0.1, 0.2],
          [0.3, 0.4],
        ],
        { dtype: 'float64' },
      ),
    ],
    [x, one],
  );
  const feeds: Feeds = [
    [x, new NDArray('float64', [4, 2, 3], wave(24, 0.7))],
    [one, new NDArray('float64', [4, 1, 3], wave(12, 0.3))],
    [K, new NDArray('float64', [3, 2], wave(6, 1.3))],
  ];
  expect(opsOf(stepsOf([carry[0]], [pushOut], feeds)).body).toContain('MatMul');
  expectSame([carry[0]], [pushOut, prune], feeds);
});
