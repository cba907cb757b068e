import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Nested, flatten, packLike, showStructure } from '../src/structure.js';

const isNumber = (x: unknown): x is number => typeof x === 'number';
const keys = fc.constantFrom('c', 'h', 'a', '10', '9');
const { structures } = fc.letrec<{ structures: Nested<number> }>((tie) => ({
  structures: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.array(tie('structures'), { maxLength: 3 }),
    fc.dictionary(keys, tie('structures'), { maxKeys: 3 }),
  ),
}));

/** The same structure, the keys of its objects in another order. */
const shuffled = (s: Nested<number>): Nested<number> => {
  if (typeof s === 'number') return s;
  if (Array.isArray(s)) return (s as readonly Nested<number>[]).map(shuffled);
  return Object.fromEntries(
    Object.entries(s)
      .reverse()
      .map(([k, v]: [string, Nested<number>]) => [k, shuffled(v)]),
  );
};

test('packLike puts back what flatten takes out', () => {
  fc.assert(
    fc.property(structures, (s) => {
      expect(packLike(s, flatten(s, isNumber), isNumber)).toEqual(s);
    }),
  );
});

test('new leaves go where the old ones were', () => {
  fc.assert(
    fc.property(structures, (s) => {
      const leaves = flatten(s, isNumber).map((n) => n + 1);
      const packed = packLike(s, leaves, isNumber);
      expect(flatten(packed, isNumber)).toEqual(leaves);
      expect(showStructure(packed, isNumber)).toBe(showStructure(s, isNumber));
    }),
  );
});

test('the order of keys does not matter, and stays as it was', () => {
  fc.assert(
    fc.property(structures, (s) => {
      expect(flatten(shuffled(s), isNumber)).toEqual(flatten(s, isNumber));
      expect(showStructure(shuffled(s), isNumber)).toBe(showStructure(s, isNumber));
    }),
  );
  expect(flatten({ h: 1, c: [2, { b: 3, a: 4 }] }, isNumber)).toEqual([2, 4, 3, 1]);
  expect(Object.keys(packLike({ h: 1, c: 2 }, [5, 6], isNumber) as object)).toEqual(['h', 'c']);
});

test('what is neither leaf nor structure is refused by its place', () => {
  expect(() => flatten({ a: [1, null] }, isNumber, 'fn: state')).toThrow(
    new TypeError('fn: state.a[1]: expected tensors in arrays or plain objects, got null.'),
  );
  expect(() => flatten(new Map(), isNumber)).toThrow(
    new TypeError('structure: expected tensors in arrays or plain objects, got object.'),
  );
});

test('how structures read', () => {
  expect(showStructure([1, { h: 2, c: [3] }, []], isNumber)).toBe('[*, {c: [*], h: *}, []]');
  expect(showStructure([null, 'a'], isNumber)).toBe('[null, string]');
});
