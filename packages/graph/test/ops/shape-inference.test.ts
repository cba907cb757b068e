import { describe, expect, test } from 'vitest';
import { type InputSpec, type Shape, listSpec, tensorSpec } from '../../src/index.js';
import {
  inferConcat,
  inferPack,
  inferSplit,
  interleaveValues,
  intVector,
  joinValues,
  shapeOperand,
} from '../../src/ops/shape-inference.js';

const ints = (value: readonly (number | null)[], shape: Shape = [value.length]): InputSpec => ({
  spec: tensorSpec('int32', shape),
  value,
});
const unknown = (shape: Shape, dtype: 'int32' | 'float32' = 'int32'): InputSpec => ({
  spec: tensorSpec(dtype, shape),
  value: undefined,
});

describe('operands that are vectors of integers', () => {
  test('are their elements, or as many unknowns', () => {
    expect(
      [ints([1, null]), unknown([2]), unknown([null]), unknown(undefined)].map((i) => intVector('Op', 'sizes', i)),
    ).toEqual([[1, null], [null, null], undefined, undefined]);
  });

  test('nothing else', () => {
    for (const bad of [unknown([2], 'float32'), unknown([]), unknown([1, 2])]) {
      expect(() => intVector('Op', 'sizes', bad)).toThrow(/^Op: expected the sizes as a vector of integers, got /);
    }
    expect(() => intVector('Op', 'sizes', { spec: listSpec('int32', []), value: undefined })).toThrow(
      'Op: expected a tensor, got a list.',
    );
  });

  test('shapes have no entries below the least', () => {
    expect(shapeOperand('Op', ints([2, null, 0]))).toEqual([2, null, 0]);
    expect(() => shapeOperand('Op', ints([2, null, -1]))).toThrow(
      new TypeError('Op: expected a shape of integers from 0, got [2,?,-1]. Correct the shape.'),
    );
    expect(shapeOperand('Op', ints([-1]), -1)).toEqual([-1]);
  });
});

describe('joins merge what each tensor knows', () => {
  test('along an axis', () => {
    expect(inferConcat([unknown([null, 2]), unknown(undefined), unknown([3, null])], { axis: 0 })).toEqual([
      tensorSpec('int32', [null, 2]),
    ]);
    expect(inferConcat([unknown([1, 2]), unknown([3, null])], { axis: 0 })).toEqual([tensorSpec('int32', [4, 2])]);
    expect(inferConcat([unknown(undefined)], { axis: 0 })).toEqual([tensorSpec('int32', undefined)]);
  });

  test('along a new axis', () => {
    expect(inferPack([unknown(undefined), unknown([null, 2]), unknown([3, null])], { axis: 1 })).toEqual([
      tensorSpec('int32', [3, 3, 2]),
    ]);
    expect(inferPack([unknown(undefined)], { axis: 0 })).toEqual([tensorSpec('int32', undefined)]);
  });
});

test('pieces have the sizes that are known', () => {
  expect(inferSplit([unknown([null, 5]), ints([2, null])], { axis: 1, num: 2 })).toEqual([
    tensorSpec('int32', [null, 2]),
    tensorSpec('int32', [null, null]),
  ]);
});

describe('known elements', () => {
  test('of scalars and vectors, one after the other', () => {
    expect(joinValues([ints([1, null]), ints([5], []), unknown([2])])).toEqual([1, null, 5, null, null]);
    expect([
      joinValues([unknown([null])]),
      joinValues([unknown([2], 'float32')]),
      joinValues([ints([1], [1, 1])]),
    ]).toEqual([undefined, undefined, undefined]);
  });

  test('of vectors as columns', () => {
    expect(interleaveValues([ints([1, 2]), ints([3, null])])).toEqual([1, 3, 2, null]);
    expect(interleaveValues([ints([1]), unknown([null])])).toBeUndefined();
  });
});

test('of data nothing is followed, however many elements it has: nothing is made of that size', () => {
  expect(joinValues([unknown([2 ** 40])])).toBeUndefined();
  expect(joinValues([unknown([40]), unknown([40])])).toBeUndefined();
  expect(joinValues([unknown([2]), unknown([])])).toEqual([null, null, null]);
  expect(intVector('Op', 'sizes', unknown([2 ** 40]))).toBeUndefined();
});
