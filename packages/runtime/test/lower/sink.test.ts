import {
  NDArray,
  type Tensor,
  constant,
  loopOver,
  matmul,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  tanh,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { prune } from '../../src/lower/prune.js';
import { sink } from '../../src/lower/sink.js';
import { type Feeds, expectSame, opsOf, stepsOf } from './rewrites.js';

beforeEach(() => resetDefaultGraph());
const wave = (n: number, step: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i * step));

/** Adds up `term(row, h)` while h' = tanh(h + row); four steps of two rows. */
function adding(
  term: (row: Tensor, h: Tensor) => Tensor,
  zero: number[] | number[][],
  length?: number,
  swapMemory = false,
): { sums: Tensor[]; feeds: Feeds } {
  const x = placeholder('float64', [null, null, 3]);
  const { carry } = loopOver(
    ([h, sum], [row]) => ({ carry: [tanh(h.add(row)), sum.add(term(row, h))], ys: [] }),
    [
      constant(
        [
          [0.1, 0.2, 0.3],
          [0, -0.1, 0.4],
        ],
        { dtype: 'float64' },
      ),
      constant(zero, { dtype: 'float64' }),
    ],
    [x],
    { swapMemory, ...(length !== undefined && { length: constant(length, { dtype: 'int32' }) }) },
  );
  return { sums: [...carry], feeds: [[x, new NDArray('float64', [4, 2, 3], wave(24, 0.7))]] };
}

const square = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
];

test.each<[string, (row: Tensor, h: Tensor) => Tensor, number[] | number[][]]>([
  ['products of rows with what the loop computes', (row, h) => matmul(row, h, { transposeA: true }), square],
  ['products of what it computes', (_, h) => matmul(h, h.exp(), { transposeA: true }), square],
  ['sums of rows', (_, h) => reduceSum(h, 0), [1, 2, 3]],
])('%s are added up after the loop', (_, term, zero) => {
  const { sums, feeds } = adding(term, zero);
  const before = opsOf(stepsOf(sums, [], feeds));
  const { body, around } = opsOf(stepsOf(sums, [sink, prune], feeds));
  const moved = before.body.includes('MatMul') ? 'MatMul' : 'Sum';
  expect(before.body).toContain(moved);
  expect(body).not.toContain(moved);
  expect(around).toContain(moved);
  expectSame(sums, [sink, prune], feeds);
});

test('not in a loop that swaps, which keeps rows off the device', () => {
  const { sums, feeds } = adding((row, h) => matmul(row, h, { transposeA: true }), square, undefined, true);
  expect(opsOf(stepsOf(sums, [sink], feeds)).body).toContain('MatMul');
});

test.each([0, 1, 3])('in a loop of %i trips', (length) => {
  const { sums, feeds } = adding((row, h) => matmul(row, h, { transposeA: true }), square, length);
  expectSame(sums, [sink, prune], feeds);
});

test('stays where the sum is read at every trip, or what is added would broadcast', () => {
  const x = placeholder('float64', [null, 2, 3]);
  const feeds: Feeds = [[x, new NDArray('float64', [4, 2, 3], wave(24, 0.7))]];
  const { carry } = loopOver(
    ([sum], [row]) => ({ carry: [sum.add(reduceSum(row.mul(sum), 0))], ys: [] }),
    [constant([1, 2, 3], { dtype: 'float64' })],
    [x],
  );
  expect(opsOf(stepsOf([carry[0]], [sink], feeds)).body).toContain('Sum');
  const wide = loopOver(
    ([sum], [row]) => ({ carry: [sum.add(reduceSum(row, 0))], ys: [] }),
    [constant([[1, 2, 3]], { dtype: 'float64' })],
    [x],
  );
  expect(opsOf(stepsOf([wide.carry[0]], [sink], feeds)).body).toContain('Sum');
});
