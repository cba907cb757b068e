import {
  type Tensor,
  NDArray,
  concat,
  constant,
  loopOver,
  matmul,
  placeholder,
  resetDefaultGraph,
  tanh,
} from '@tensorloom/graph';
import { gradients } from '@tensorloom/autodiff';
import { beforeEach, expect, test } from 'vitest';
import { prune } from '../../src/lower/prune.js';
import { share } from '../../src/lower/share.js';
import { split } from '../../src/lower/split.js';
import { type Feeds, expectSame, opsOf, stepsOf } from './rewrites.js';

beforeEach(() => resetDefaultGraph());

/** h' = tanh([x, h] K) over three steps of two rows, with K transposed or not. */
function cell(transposeB = false): { h: Tensor; x: Tensor; K: Tensor; feeds: Feeds } {
  const x = placeholder('float64', [null, null, 2]);
  const K = placeholder('float64', transposeB ? [3, 5] : [5, 3]);
  const { carry } = loopOver(
    ([h], [row]) => {
      const next = tanh(matmul(concat([row, h], 1), K, { transposeB }));
      return { carry: [next], ys: [] };
    },
    [
      constant(
        [
          [0.1, 0.2, 0.3],
          [0, -0.1, 0.5],
        ],
        { dtype: 'float64' },
      ),
    ],
    [x],
  );
  const wave = (n: number, step: number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => Math.sin(i * step));
  const feeds: Feeds = [
    [x, new NDArray('float64', [3, 2, 2], wave(12, 0.7))],
    [K, new NDArray('float64', transposeB ? [3, 5] : [5, 3], wave(15, 1.3))],
  ];
  return { h: carry[0], x, K, feeds };
}

test.each([false, true])('a product with a joint kernel becomes a sum of products (transposed: %s)', (transposeB) => {
  const { h, feeds } = cell(transposeB);
  expect(opsOf(stepsOf([h], [], feeds)).body).toEqual(['ConcatV2', 'MatMul', 'Tanh']);
  expect(opsOf(stepsOf([h], [split, prune], feeds)).body).toEqual([
    'Slice',
    'MatMul',
    'Slice',
    'MatMul',
    'Add',
    'Tanh',
  ]);
  expectSame([h], [split, prune], feeds);
});

test('of a product that is split and read in part only that part is computed', () => {
  const { h, K, feeds } = cell();
  const [dK] = gradients(h, [K]);
  if (dK === null) throw new Error('no gradient');
  const before = stepsOf([dK], [share, prune], feeds);
  const after = stepsOf([dK], [share, prune, split, prune], feeds);
  expect(before).toMatch(/SplitV/);
  expect(after).not.toMatch(/SplitV/);
  expectSame([dK], [share, prune, split, prune], feeds);
});

test('stays joint where both halves of the gradient are read, and where no part follows from the rows', () => {
  const { h, x, K, feeds } = cell();
  const both = gradients(h, [x, K]).filter((g) => g !== null);
  expect(stepsOf(both, [share, prune, split, prune], feeds)).toMatch(/SplitV/);
  expectSame(both, [share, prune, split, prune], feeds);
  const { carry } = loopOver(
    ([a, b]) => ({ carry: [tanh(matmul(concat([a, b], 1), K)).mul(0.5), b], ys: [] }),
    [constant([[1, 2, 3]], { dtype: 'float64' }), constant([[4, 5]], { dtype: 'float64' })],
    [x],
  );
  expect(opsOf(stepsOf([carry[0]], [split], feeds)).body).toContain('ConcatV2');
});
