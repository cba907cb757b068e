import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type DType,
  constant,
  dimOf,
  fill,
  oneHot,
  ones,
  onesLike,
  placeholder,
  range,
  resetDefaultGraph,
  zeros,
  zerosLike,
} from '../../src/index.js';
import { int, messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

describe('placeholder', () => {
  test('of a shape, of some unknown dimensions, or of any rank', () => {
    expect(
      specs(
        placeholder('int32', [2, null]),
        placeholder('bool', []),
        placeholder('float32'),
        placeholder('float64', null),
      ),
    ).toEqual(['int32[2,?]', 'bool[]', 'float32[...]', 'float64[...]']);
    expect([placeholder('float32').name, placeholder('float32', [], { name: 'X' }).name]).toEqual([
      'Placeholder_4:0',
      'X:0',
    ]);
  });

  test('keeps its shape when the array it was given changes', () => {
    const shape = [2, 3];
    const t = placeholder('float32', shape);
    shape[0] = 9;
    expect(t.shape).toEqual([2, 3]);
  });

  test('of no dtype, or with no dimension', () => {
    expect(messageFrom(() => placeholder('float' as DType, []))).toBe(
      "Placeholder: 'float' is not a dtype, expected float32, float64, int32 or bool. Pass one of them.\n" +
        '  node:    Placeholder()\n' +
        '  made at: create.test.ts:LINE',
    );
    for (const bad of [-1, 0.5, NaN]) {
      expect(() => placeholder('float32', [2, bad])).toThrow(
        `Placeholder: ${bad} is not a dimension, expected an integer from 0. Use null where only a run knows it.`,
      );
    }
  });
});

describe('constant', () => {
  test('is its literal, in the dtype and shape asked for', () => {
    expect(
      specs(
        constant(1),
        constant(true),
        constant([1, 2], { dtype: 'int32' }),
        constant([1, 2, 3, 4], { shape: [2, 2] }),
        constant(Float64Array.of(1)),
      ),
    ).toEqual(['float32[]', 'bool[]', 'int32[2]', 'float32[2,2]', 'float64[1]']);
    expect(constant(1, { name: 'k' }).name).toBe('k:0');
  });

  test('a single number is repeated', () => {
    expect([
      constant(3, { shape: [2, 2] }).value,
      constant(true, { shape: [2] }).value,
      constant(3, { shape: [0] }).value,
    ]).toEqual([[3, 3, 3, 3], [1, 1], []]);
  });

  test('elements that do not fill the shape', () => {
    expect(messageFrom(() => constant([1, 2, 3], { shape: [2, 2] }))).toMatch(
      /^Const: shape \[2,2\] holds 4 elements, got 3\. Give the shape of the data\.\n/,
    );
    expect(messageFrom(() => constant([[1], [1, 2]]))).toMatch(/^Const: rows differ in length/);
    expect(() => constant(0.5, { dtype: 'int32' })).toThrow('Const: 0.5 is not of dtype int32');
  });
});

describe('fill and its kin', () => {
  test('have the shape asked for, with what is known of it', () => {
    const batch = dimOf(x([null]), 0);
    expect(
      specs(
        fill([2, 3], int(7)),
        fill([batch, 3], 0.5),
        zeros([], { dtype: 'int32' }),
        ones([batch], { dtype: 'bool' }),
        zeros(placeholder('int32', [3])),
        zeros(placeholder('int32', [null])),
      ),
    ).toEqual(['int32[2,3]', 'float32[?,3]', 'int32[]', 'bool[?]', 'float32[?,?,?]', 'float32[...]']);
    expect([zeros([1]).name, ones([1]).name]).toEqual(['zeros_3:0', 'ones_1:0']);
  });

  test('like another tensor, or of another dtype', () => {
    const t = x([2, null], 'int32');
    expect(specs(zerosLike(t), onesLike(t, { dtype: 'bool' }), zerosLike([1, 2]), t.zerosLike())).toEqual([
      'int32[2,?]',
      'bool[2,?]',
      'float32[2]',
      'int32[2,?]',
    ]);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => fill([2], [1, 2]))).toBe(
      'Fill: expected value as a scalar, got float32[2]. Reshape it to [] or reduce it.\n' +
        "  node:    'Fill' = Fill(Const:0 int32[1], Const_1:0 float32[2])\n" +
        '  made at: create.test.ts:LINE',
    );
    expect(() => zeros([2, -1])).toThrow('Fill: expected a shape of integers from 0, got [2,-1]. Correct the shape.');
    expect(() => zeros([null])).toThrow('Fill: expected a shape of integers, got [null].');
    expect(() => zeros(int(3))).toThrow('Fill: expected the shape as a vector of integers, got int32[].');
  });
});

describe('range', () => {
  test('has as many numbers as steps fit', () => {
    const bound = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(
        bound,
        bound,
        bound.filter((d) => d !== 0),
        (start, limit, delta) => {
          let count = 0;
          for (let v = start; delta > 0 ? v < limit : v > limit; v += delta) count++;
          expect(specs(range(start, limit, delta))).toEqual([`int32[${count}]`]);
        },
      ),
    );
  });

  test('is int32 of integers, else what the bounds are', () => {
    expect(
      specs(range(3), range(0, 1, 0.25), range(int(3)), range(0, x([])), range(3, undefined, 1, { dtype: 'float64' })),
    ).toEqual(['int32[3]', 'float32[4]', 'int32[3]', 'float32[?]', 'float64[3]']);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => range(0, 3, 0))).toMatch(
      /^Range: delta is 0, expected another step\. Give one that leads to the limit\.\n/,
    );
    expect(() => range([1, 2])).toThrow('Range: expected limit as a scalar, got float32[2].');
    expect(() => range(true, false, true)).toThrow('Range: expected numeric bounds, got bool. Use cast().');
  });
});

describe('oneHot', () => {
  test('puts the new axis where it is asked for', () => {
    const t = x([2, null], 'int32');
    expect(
      specs(
        oneHot(t, 5),
        oneHot(t, 5, { axis: 0 }),
        oneHot(t, 5, { axis: 1 }),
        oneHot(t, 5, { axis: -2 }),
        oneHot(t, placeholder('int32', [])),
      ),
    ).toEqual(['float32[2,?,5]', 'float32[5,2,?]', 'float32[2,5,?]', 'float32[2,5,?]', 'float32[2,?,?]']);
  });

  test('takes the dtype of its values', () => {
    expect(
      specs(
        oneHot([1], 3, { onValue: int(1) }),
        oneHot([1], 3, { dtype: 'float64' }),
        oneHot([1], 3, { onValue: true, offValue: false }),
      ),
    ).toEqual(['int32[1,3]', 'float64[1,3]', 'bool[1,3]']);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => oneHot(x([2]), 3))).toBe(
      'OneHot: expected int32 indices and depth, got float32 and int32. Use cast().\n' +
        "  node:    'one_hot' = OneHot(x:0 float32[2], Const_2:0 int32[], Const:0 float32[], Const_1:0 float32[])\n" +
        '  made at: create.test.ts:LINE',
    );
    expect(() => oneHot([1], 3, { axis: 2 })).toThrow(
      'OneHot: axis 2 is out of range for int32[1], expected an integer from -2 to 1.',
    );
    expect(() => oneHot([1], -1)).toThrow(
      'OneHot: depth is -1, expected an integer from 0. Give the number of classes.',
    );
    expect(() => oneHot([1], 3, { onValue: int(1), offValue: x([]) })).toThrow(
      'onValue and offValue differ in dtype: int32 and float32.',
    );
    expect(() => oneHot([1], 3, { onValue: [1, 2] })).toThrow('OneHot: expected onValue as a scalar, got float32[2].');
  });
});
