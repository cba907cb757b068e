import {
  concat,
  constant,
  dimOf,
  expandDims,
  matmul,
  pad,
  placeholder,
  reshape,
  resetDefaultGraph,
  reverse,
  shapeOf,
  slice,
  split,
  squeeze,
  stack,
  transpose,
  unstack,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { messageFrom } from '../support.js';

beforeEach(() => resetDefaultGraph());

const x = (): ReturnType<typeof placeholder> => placeholder('float32', [null, 3, 4], { name: 'x' });

test('static shapes keep what is known', () => {
  expect(reshape(x(), [-1, 12]).shape).toEqual([null, 12]);
  expect(reshape(placeholder('float32', [2, 3]), [3, -1]).shape).toEqual([3, 2]);
  expect(reshape(x(), [dimOf(x(), 0), 12]).shape).toEqual([null, 12]);
  expect(reshape(placeholder('float32'), shapeOf(x())).shape).toEqual([null, 3, 4]);
  expect(transpose(x(), [1, 0, 2]).shape).toEqual([3, null, 4]);
  expect(expandDims(x(), -1).shape).toEqual([null, 3, 4, 1]);
  expect(squeeze(expandDims(x(), 1), 1).shape).toEqual([null, 3, 4]);
  expect(concat([x(), x()], 1).shape).toEqual([null, 6, 4]);
  expect(concat([x(), placeholder('float32', [2, 3, 4])], 0).shape).toEqual([null, 3, 4]);
  expect(stack([x(), x()], { axis: 1 }).shape).toEqual([null, 2, 3, 4]);
  expect(unstack(x(), { axis: 1 }).map((t) => t.shape)).toEqual([
    [null, 4],
    [null, 4],
    [null, 4],
  ]);
  expect(split(x(), [1, 3], { axis: -1 }).map((t) => t.shape)).toEqual([
    [null, 3, 1],
    [null, 3, 3],
  ]);
  expect(slice(x(), [0, 1, 0], [-1, 2, -1]).shape).toEqual([null, 2, 4]);
  expect(
    pad(x(), [
      [0, 1],
      [1, 1],
      [0, 0],
    ]).shape,
  ).toEqual([null, 5, 4]);
  expect(reverse(x(), -1).shape).toEqual([null, 3, 4]);
});

test('shapes of known dimensions are constants', () => {
  expect(shapeOf(constant([[1, 2]])).value).toEqual([1, 2]);
  expect(shapeOf(x()).value).toEqual([null, 3, 4]);
});

test('misuse is told at the line that did it', () => {
  const at = messageFrom(() =>
    matmul(placeholder('float32', [2, 3], { name: 'a' }), placeholder('float32', [2, 3], { name: 'b' })),
  );
  expect(at).toBe(
    'MatMul: inner dimensions differ: [2,3] has 3 columns, [2,3] has 2 rows. Make them equal, or transpose an operand.\n' +
      "  node:    'MatMul' = MatMul(a:0 float32[2,3], b:0 float32[2,3])\n" +
      '  made at: shape.test.ts:LINE',
  );
  expect(() => reshape(constant([1, 2, 3]), [2, 2])).toThrow(
    'Reshape: cannot view [3] (3 elements) as [2,2]. The sizes must agree; one entry may be -1.',
  );
  expect(() => concat([constant([1]), constant([[1]])], 0)).toThrow(
    'ConcatV2: shapes [1], [1,1] differ outside axis 0, expected equal ones there.',
  );
  expect(() => transpose(x(), [0, 0, 1])).toThrow(
    'Transpose: [0,0,1] is no order of the axes of float32[?,3,4], expected each of 0, 1, 2 once.',
  );
  expect(() => unstack(placeholder('float32', [null]))).toThrow(
    'Unpack: only a run knows the length of axis 0 of float32[?]. Pass { num }.',
  );
  expect(() => split(x(), 2, { axis: 1 })).toThrow(
    'SplitV: axis 1 of float32[?,3,4] is not known to divide into 2 equal parts. Give the sizes of the parts.',
  );
});
