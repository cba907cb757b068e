import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DType } from '../src/dtype.js';
import type { Shape } from '../src/shape.js';
import {
  type Spec,
  compatibleSpecs,
  elementOf,
  isNarrower,
  listOf,
  listSpec,
  relaxSpecs,
  sameSpec,
  showSpec,
  tensorSpec,
} from '../src/spec.js';

const shapes: fc.Arbitrary<Shape> = fc.option(fc.array(fc.option(fc.integer({ min: 0, max: 2 })), { maxLength: 2 }), {
  nil: undefined,
});
const dtypes = fc.constantFrom<DType>('float32', 'int32');
const specs: fc.Arbitrary<Spec> = fc
  .tuple(dtypes, shapes, fc.nat(2))
  .map(([dtype, shape, depth]) => (depth === 0 ? tensorSpec(dtype, shape) : listSpec(dtype, shape, depth)));

test('how types read', () => {
  expect(showSpec(tensorSpec('float32', [2, null]))).toBe('float32[2,?]');
  expect(showSpec(listSpec('int32', undefined))).toBe('list<int32[...]>');
  expect(showSpec(listSpec('bool', [], 2))).toBe('list<list<bool[]>>');
});

test('the elements of a list of values are of the type of the values', () => {
  fc.assert(
    fc.property(specs, (s) => {
      expect(elementOf(listOf(s))).toEqual(s);
      expect(showSpec(listOf(s))).toBe(`list<${showSpec(s)}>`);
    }),
  );
});

describe('narrower types', () => {
  test('order types: each its own, both ways only when the same, and transitively', () => {
    fc.assert(
      fc.property(specs, specs, specs, (a, b, c) => {
        expect(isNarrower(a, a)).toBe(true);
        expect(isNarrower(a, b) && isNarrower(b, a)).toBe(sameSpec(a, b));
        if (isNarrower(a, b) && isNarrower(b, c)) expect(isNarrower(a, c)).toBe(true);
        if (isNarrower(a, b)) expect(compatibleSpecs(a, b)).toBe(true);
      }),
    );
  });

  test('kind, depth and dtype must be the same', () => {
    const float = tensorSpec('float32', [2]);
    for (const other of [tensorSpec('float64', [2]), listOf(float), listOf(listOf(float))]) {
      expect([isNarrower(float, other), isNarrower(other, float), compatibleSpecs(float, other)]).toEqual([
        false,
        false,
        false,
      ]);
    }
  });

  test('the relaxed type covers both, and no more than needed', () => {
    fc.assert(
      fc.property(shapes, shapes, fc.nat(2), (a, b, depth) => {
        const of = (shape: Shape): Spec => (depth === 0 ? tensorSpec('bool', shape) : listSpec('bool', shape, depth));
        const relaxed = relaxSpecs(of(a), of(b));
        expect(isNarrower(of(a), relaxed) && isNarrower(of(b), relaxed)).toBe(true);
        if (isNarrower(of(a), of(b))) expect(relaxed).toEqual(of(b));
      }),
    );
  });
});
