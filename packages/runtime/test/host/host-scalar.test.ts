import { type DType, allocate } from '@tensorloom/graph';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostScalar, itemOf } from '../../src/host/host-scalar.js';

test.each<DType>(['float32', 'float64', 'int32', 'bool'])(
  'a scalar of %s holds what an array of one element would',
  (dtype) => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.constantFrom(2 ** 31, -(2 ** 31) - 1, 1, 0)), (x) => {
        const array = allocate(dtype, 1);
        array[0] = x;
        const scalar = hostScalar(dtype, x);
        expect(scalar.shape).toEqual([]);
        expect(itemOf(scalar)).toBe(array[0]);
        expect(scalar.data).toEqual(array);
        expect(scalar.data).toBe(scalar.data);
      }),
    );
  },
);

test('itemOf reads the first element of any tensor', () => {
  expect(itemOf({ dtype: 'int32', shape: [2], data: Int32Array.of(7, 8) })).toBe(7);
});
