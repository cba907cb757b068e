import { reference } from '@tensorloom/backend-reference';
import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

const inTopK = (predictions: number[][], targets: number[], k: number): unknown => {
  const session = new Session({ backend: reference() });
  const r = session.runSync(nn.inTopK(constant(predictions), constant(targets, { dtype: 'int32' }), k)).toArray();
  session.close();
  return r;
};

test('the target must be among the k largest', () => {
  const p = [
    [0.1, 0.3, 0.2, 0.4],
    [0.1, 0.2, 0.3, 0.4],
  ];
  expect(inTopK(p, [3, 1], 1)).toEqual([true, false]);
  expect(inTopK(p, [3, 1], 3)).toEqual([true, true]);
});

test('ties at the boundary are in', () => {
  expect(inTopK([[0.5, 0.5, 0.5, 0.1]], [2], 1)).toEqual([true]);
  expect(inTopK([[0.5, 0.5, 0.5, 0.1]], [3], 3)).toEqual([false]);
});

test('a target that is not finite, or out of range, is out; other entries may be anything', () => {
  expect(
    inTopK(
      [
        [NaN, 1, 2],
        [Infinity, 1, 2],
        [1, NaN, 0.5],
        [1, 2, 3],
      ],
      [0, 0, 0, 7],
      2,
    ),
  ).toEqual([false, false, true, false]);
});
