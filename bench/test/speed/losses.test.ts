import { expect, test } from 'vitest';
import { lossesAgree } from '../../src/speed/losses.js';

test('losses agree to a thousandth', () => {
  expect(lossesAgree([2.3, 2.2], [2.3005, 2.1995])).toBe(true);
  expect(lossesAgree([2.3, 2.2], [2.3, 2.19])).toBe(false);
  expect(lossesAgree([2000], [2001])).toBe(true);
  expect(lossesAgree([0.1], [0.102])).toBe(false);
});

test('nothing agrees with what is no number, or missing', () => {
  expect(lossesAgree([NaN], [NaN])).toBe(false);
  expect(lossesAgree([1], [NaN])).toBe(false);
  expect(lossesAgree([1, 2], [1])).toBe(false);
  expect(lossesAgree(undefined, [1])).toBe(false);
});
