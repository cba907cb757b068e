import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DType } from '../src/dtype.js';
import { toTypedArray } from '../src/dtype.js';
import { type HostValue, NDArray, type NestedArray, isHostValue, materialize, readLiteral } from '../src/ndarray.js';
import { constant } from '../src/index.js';
import { sizeOf } from '../src/shape.js';

const array = (shape: readonly number[], data: readonly number[], dtype: DType = 'float32'): NDArray =>
  new NDArray(dtype, shape, toTypedArray(dtype, data));

/** Arrays of up to three axes, some of them empty. */
const arrays = fc
  .tuple(
    fc.constantFrom<DType>('float32', 'int32', 'bool'),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
    fc.infiniteStream(fc.integer({ min: -9, max: 9 })),
  )
  .map(([dtype, shape, stream]) => array(shape, [...stream.take(sizeOf(shape))], dtype));

describe('NDArray', () => {
  const m = array([2, 3], [0, 1, 2, 3, 4, 5]);

  test('get takes an index per axis, from either end', () => {
    expect([m.get(0, 0), m.get(1, 2), m.get(-1, -3), array([], [7]).get()]).toEqual([0, 5, 3, 7]);
    expect(() => m.get(1)).toThrow(new RangeError('NDArray.get: expected 2 indices for shape [2,3], got 1.'));
    for (const bad of [2, -3, 0.5, NaN]) {
      expect(() => m.get(bad, 0)).toThrow(
        new RangeError(`NDArray.get: index ${bad} is out of range for axis 0 of shape [2,3].`),
      );
    }
  });

  test('item is the only element', () => {
    expect([array([], [3]).item(), array([1, 1], [4]).item(), array([1], [1], 'bool').item()]).toEqual([3, 4, 1]);
    expect(() => m.item()).toThrow(
      new RangeError('NDArray.item: expected one element, got 6. Use get() or toArray().'),
    );
  });

  test('toArray nests rows; booleans for bool', () => {
    expect(m.toArray()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(array([2], [1, 0], 'bool').toArray()).toEqual([true, false]);
    expect([array([], [3]).toArray(), array([2, 0], []).toArray(), array([0, 2], []).toArray()]).toEqual([
      3,
      [[], []],
      [],
    ]);
  });

  test('rank 0 works as a number, and every array prints', () => {
    const two = array([], [2]);
    expect([Number(two) + 1, two < array([], [3]), two.toString(), m.valueOf()]).toEqual([3, true, '2.0', m]);
    expect(m.toString()).toBe('[[0. 1. 2.]\n [3. 4. 5.]]');
  });

  test('data must fill the shape', () => {
    expect(() => array([2, 2], [1, 2, 3])).toThrow(new RangeError('NDArray: shape [2,2] holds 4 elements, got 3.'));
    expect(m.size).toBe(6);
  });

  test('get, toArray and data agree', () => {
    fc.assert(
      fc.property(arrays, (a) => {
        const flat = (v: NestedArray): number[] => (typeof v === 'object' ? v.flatMap(flat) : [Number(v)]);
        expect(flat(a.toArray())).toEqual([...a.data]);
        const at = (indices: number[]): number[] =>
          indices.length === a.shape.length
            ? [a.get(...indices)]
            : Array.from({ length: a.shape[indices.length] }, (_, i) => at([...indices, i])).flat();
        expect(at([])).toEqual([...a.data]);
      }),
    );
  });
});

describe('readLiteral', () => {
  const read = (x: unknown): [DType, readonly number[], number[]] => {
    const { dtype, shape, data } = readLiteral(x as HostValue, 'Op');
    return [dtype, shape, Array.from(data)];
  };

  test('numbers are float32, booleans bool', () => {
    expect(read(3)).toEqual(['float32', [], [3]]);
    expect(read(true)).toEqual(['bool', [], [1]]);
    expect(
      read([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toEqual(['float32', [2, 3], [1, 2, 3, 4, 5, 6]]);
    expect(read([true, false])).toEqual(['bool', [2], [1, 0]]);
    expect(read([])).toEqual(['float32', [0], []]);
    expect(read([[], []])).toEqual(['float32', [2, 0], []]);
  });

  test('typed arrays are what they hold, in their shape if they have one', () => {
    expect(read(Float32Array.of(1, 2))).toEqual(['float32', [2], [1, 2]]);
    expect(read(Float64Array.of(0.1))).toEqual(['float64', [1], [0.1]]);
    expect(read(Int32Array.of(1))).toEqual(['int32', [1], [1]]);
    expect(read(Uint8Array.of(255))).toEqual(['float32', [1], [255]]);
    expect(read({ shape: [2, 1], data: Int32Array.of(1, 2) })).toEqual(['int32', [2, 1], [1, 2]]);
    expect(read({ shape: [1], data: [1] })).toEqual(['float32', [1], [1]]);
    expect(read(Object.assign(Float32Array.of(1, 2), { shape: [2, 1] }))).toEqual(['float32', [2, 1], [1, 2]]);
    expect(read(array([1, 2], [1, 0], 'bool'))).toEqual(['bool', [1, 2], [1, 0]]);
  });

  test('an array is read back from what it is turned to', () => {
    fc.assert(
      fc.property(
        arrays.filter((a) => a.dtype !== 'int32' && !a.shape.includes(0)),
        (a) => {
          expect(materialize(readLiteral(a.toArray(), 'Op'), a.dtype)).toEqual(a);
          expect(materialize(readLiteral(a, 'Op'), a.dtype)).toEqual(a);
        },
      ),
    );
  });

  const rows = (want: string, depth: number, got: string): string =>
    `Op: rows differ in length: expected ${want} at depth ${depth}, got ${got}.`;
  const odd = (got: string): string =>
    `Op: expected numbers or booleans in the array, got ${got}. Join tensors with stack(), and leave nothing out.`;

  test.each<[unknown, string]>([
    [[[1, 2], [3]], rows('2 entries', 1, '1 entries')],
    [[[1, 2], 3], rows('2 entries', 1, 'a number')],
    [[1, [2]], rows('a number', 1, '1 entries')],
    [[[1], 'a'], rows('1 entries', 1, 'a string')],
    [[[], [1]], rows('0 entries', 1, '1 entries')],
    [[1, true], 'Op: numbers and booleans are mixed, expected elements of one kind. Use numbers, or booleans only.'],
    [[null], odd('null')],
    [[1, undefined], odd('undefined')],
    [['1'], odd('a string')],
    [[constant(1)], odd('an object of class Tensor')],
    [{ shape: [2], data: Float32Array.of(1) }, 'Op: shape [2] holds 2 elements, got 1. Give the shape of the data.'],
    [
      Object.assign(Float32Array.of(1), { shape: [3] }),
      'Op: shape [3] holds 3 elements, got 1. Give the shape of the data.',
    ],
    [
      { shape: [-1], data: Float32Array.of(1) },
      "Op: expected a shape of non-negative integers, got [-1]. Correct the array's shape.",
    ],
    [
      { shape: 'x', data: Float32Array.of(1) },
      "Op: expected a shape of non-negative integers, got a string. Correct the array's shape.",
    ],
  ])('%j is refused', (x, message) => {
    expect(() => read(x)).toThrow(new TypeError(message));
  });
});

test('isHostValue knows literals from everything else', () => {
  const literals = [1, NaN, false, [], [1], Float32Array.of(1), array([], [1]), { shape: [], data: [1] }];
  expect(literals.every(isHostValue)).toBe(true);
  const others = [
    null,
    undefined,
    'a',
    {},
    { data: [1] },
    { shape: [1] },
    new DataView(new ArrayBuffer(8)),
    BigInt64Array.of(1n),
    constant(1),
    () => 1,
  ];
  expect(others.some(isHostValue)).toBe(false);
});

test('materialize copies, as the dtype asked for', () => {
  const data = Float32Array.of(1.5, 0);
  const copy = materialize(readLiteral(data, 'Op'), 'float32');
  data[0] = 9;
  expect([...copy.data]).toEqual([1.5, 0]);
  expect([...materialize(readLiteral([1.5, 0], 'Op'), 'int32').data]).toEqual([1, 0]);
});
