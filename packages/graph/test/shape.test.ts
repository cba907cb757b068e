import { broadcastShapes, compatible, mergeShapes, relaxShapes, sameShape, type Shape } from '@tensorloom/graph';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const dims = fc.option(fc.integer({ min: 0, max: 3 }), { freq: 3 });
const shapes: fc.Arbitrary<Shape> = fc.option(fc.array(dims, { maxLength: 3 }), { nil: undefined, freq: 5 });
const known = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });

test('broadcasting commutes, and a scalar changes nothing', () => {
  fc.assert(
    fc.property(shapes, shapes, (a, b) => {
      const [ab, ba] = [broadcastShapes(a, b), broadcastShapes(b, a)];
      expect(ab).toEqual(ba);
      if (a !== undefined) expect(broadcastShapes(a, [])).toEqual(a);
    }),
  );
});

test('known shapes broadcast as NumPy has it', () => {
  fc.assert(
    fc.property(known, known, (a, b) => {
      const rank = Math.max(a.length, b.length);
      const at = (s: number[], i: number): number => s[i - rank + s.length] ?? 1;
      const want = Array.from({ length: rank }, (_, i) => [at(a, i), at(b, i)]);
      const fits = want.every(([x, y]) => x === y || x === 1 || y === 1);
      expect(broadcastShapes(a, b)).toEqual(fits ? want.map(([x, y]) => Math.max(x, y)) : null);
    }),
  );
});

test('merging keeps what either knows, relaxing what both do', () => {
  fc.assert(
    fc.property(shapes, shapes, (a, b) => {
      const merged = mergeShapes(a, b);
      expect(merged === null).toBe(!compatible(a, b));
      const relaxed = relaxShapes(a, b);
      expect(compatible(relaxed, a) && compatible(relaxed, b)).toBe(true);
      expect(sameShape(relaxShapes(a, a), a)).toBe(true);
    }),
  );
});
