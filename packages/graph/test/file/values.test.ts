import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Codec } from '../../src/file/codec.js';
import { constant, dtype, list, plainData, shape, spec } from '../../src/file/values.js';
import { listSpec, tensorSpec, toTypedArray } from '../../src/index.js';
import { nothing } from './support.js';

const throughText = <T>(codec: Codec<T>, value: T): T =>
  codec.read(JSON.parse(JSON.stringify(codec.write(value, nothing))), nothing);

const shapes = fc.option(fc.array(fc.option(fc.nat(9)), { maxLength: 4 }), { nil: undefined });
const dtypes = fc.constantFrom('float32', 'float64', 'int32', 'bool');

test('types come back', () => {
  fc.assert(
    fc.property(dtypes, shapes, fc.integer({ min: 1, max: 3 }), (d, s, depth) => {
      expect(throughText(dtype, d)).toBe(d);
      expect(throughText(shape, s)).toEqual(s);
      expect(throughText(spec, tensorSpec(d, s))).toEqual(tensorSpec(d, s));
      for (const codec of [spec, list])
        expect(throughText(codec, listSpec(d, s, depth))).toEqual(listSpec(d, s, depth));
    }),
  );
});

test('constants come back, bit for bit', () => {
  fc.assert(
    fc.property(dtypes, fc.array(fc.double(), { maxLength: 5 }), (d, values) => {
      const value = { spec: tensorSpec(d, [values.length]), data: toTypedArray(d, values) };
      expect(throughText(constant, value)).toEqual(value);
    }),
  );
});

test('plain data comes back, whatever its keys, numbers that JSON does not have among them', () => {
  const plain = fc.object({
    maxDepth: 4,
    values: [fc.double(), fc.string(), fc.boolean(), fc.constant(null)],
    withNullPrototype: false,
  });
  fc.assert(
    fc.property(plain, (value) => {
      expect(throughText(plainData, value)).toEqual(value);
    }),
  );
  const own = JSON.parse('{"__proto__":{"a":1},"constructor":2,"object":{"number":"NaN"}}') as object;
  const again = throughText(plainData, own);
  expect(JSON.stringify(again)).toBe(JSON.stringify(own));
  expect(Object.getPrototypeOf(again)).toBe(Object.prototype);
});

describe('refuses', () => {
  const cases: [string, Codec<unknown>, unknown, string][] = [
    ['a dtype that is none', dtype, 'constructor', "expected a dtype, got 'constructor'"],
    ['a shape that is none', shape, [1, -1], 'expected an integer from 0, got -1'],
    ['a fraction in a shape', shape, [1.5], 'expected an integer from 0, got 1.5'],
    ['a type with more to it', spec, { dtype: 'int32', shape: [], size: 1 }, "expected list, dtype, shape, got 'size'"],
    [
      'a list of lists of lists ...',
      list,
      { list: 1e9, dtype: 'int32', shape: [] },
      'expected a depth of lists from 1 to 64',
    ],
    [
      'too few bytes',
      constant,
      { spec: { dtype: 'int32', shape: [1e9] }, data: 'AAAA' },
      'expected the bytes of 1000000000 elements of int32, got 3',
    ],
    [
      'a constant of unknown shape',
      constant,
      { spec: { dtype: 'int32', shape: '?' }, data: '' },
      'expected a tensor of known shape',
    ],
    ['a number that is none', plainData, { number: '12' }, "expected a number, got '12'"],
    [
      'data nested too deep',
      plainData,
      Array.from({ length: 40 }).reduce((inner) => [inner], 1),
      'expected attributes nested at most 32 deep',
    ],
  ];
  test.each(cases)('%s', (_, codec, json, message) => {
    expect(() => codec.read(json, nothing)).toThrow(message);
  });

  test('to write what is no plain data', () => {
    for (const value of [new Map(), () => 1, 1n, new Float32Array(1), undefined])
      expect(() => plainData.write({ value: [value] }, nothing)).toThrow('expected attributes of plain data');
  });
});
