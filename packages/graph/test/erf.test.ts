import fc from 'fast-check';
import { expect, test } from 'vitest';
import { erf } from '../src/erf.js';

// Abramowitz and Stegun, table 7.1, and values of double precision beyond it.
test.each([
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [2.4999, 0.99959287],
  [3, 0.9999779095030014],
  [5, 0.9999999999984626],
])('erf(%d)', (x, y) => expect(erf(x)).toBeCloseTo(y, x === 2.4999 ? 7 : 14));

test('is odd, rises, and lies between -1 and 1; its ends and 0 are exact', () => {
  const numbers = fc.double({ min: -7, max: 7, noNaN: true });
  fc.assert(
    fc.property(numbers, (x) => {
      expect(erf(-x)).toBe(-erf(x));
    }),
  );
  fc.assert(
    fc.property(numbers, numbers, (x, y) => {
      if (x + 1e-9 < y) expect(erf(x)).toBeLessThanOrEqual(erf(y));
      expect(Math.abs(erf(x))).toBeLessThanOrEqual(1);
    }),
  );
  expect([erf(0), erf(-0), erf(Infinity), erf(-Infinity), erf(NaN)]).toEqual([0, -0, 1, -1, NaN]);
});

test('the series and the continued fraction meet', () => {
  expect(erf(2.5 - 1e-12)).toBeCloseTo(erf(2.5), 12);
});
