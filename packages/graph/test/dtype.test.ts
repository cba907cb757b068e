import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DType, allocate, bytesPerElement, isDType, isFloating, toTypedArray } from '../src/dtype.js';

const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'bool'];
const anyDType = fc.constantFrom(...dtypes);

test('sizes of elements', () => {
  expect(dtypes.map(bytesPerElement)).toEqual([4, 8, 4, 1]);
});

test('allocate gives zeros of the dtype', () => {
  fc.assert(
    fc.property(anyDType, fc.nat(20), (dtype, length) => {
      const data = allocate(dtype, length);
      expect(data.byteLength).toBe(length * bytesPerElement(dtype));
      expect(data.every((v) => v === 0)).toBe(true);
    }),
  );
});

describe('toTypedArray', () => {
  test('stores what the dtype can hold', () => {
    expect([...toTypedArray('int32', [1.9, -1.9, 2 ** 31])]).toEqual([1, -1, -(2 ** 31)]);
    expect([...toTypedArray('bool', [0, -0, 2, -1, NaN])]).toEqual([0, 0, 1, 1, 1]);
    expect([...toTypedArray('float32', [0.1])]).toEqual([Math.fround(0.1)]);
    expect([...toTypedArray('float64', [0.1, NaN, -Infinity])]).toEqual([0.1, NaN, -Infinity]);
  });

  test('copies, and changes nothing when done again', () => {
    fc.assert(
      fc.property(anyDType, fc.array(fc.double()), (dtype, values) => {
        const once = toTypedArray(dtype, values);
        const twice = toTypedArray(dtype, once);
        expect(twice).toEqual(once);
        expect(twice.buffer).not.toBe(once.buffer);
      }),
    );
  });
});

test('which dtypes have fractions', () => {
  expect(dtypes.map(isFloating)).toEqual([true, true, false, false]);
});

test('isDType knows the names, and nothing else', () => {
  expect(dtypes.every(isDType)).toBe(true);
  expect(['float16', 'toString', '', 3, null, undefined, ['int32']].some(isDType)).toBe(false);
});
