import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toPixels } from '../../src/summary/image-pixels.js';

test('with no negative number, zero is black and the largest white', () => {
  fc.assert(
    fc.property(fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1 }), (any) => {
      const values = any.map(Math.abs);
      const largest = Math.max(...values);
      fc.pre(largest > 1e-5 && Number.isFinite(255 / largest));
      const pixels = toPixels(values, 1);
      values.forEach((v, i) => {
        if (v === 0) expect(pixels[i]).toBe(0);
        expect(Math.abs(pixels[i] - (v / largest) * 255)).toBeLessThanOrEqual(1);
      });
    }),
  );
});

test('with negative numbers, zero is 128', () => {
  expect([...toPixels(Float32Array.of(-2, 0, 1, 2), 1)]).toEqual([1, 128, 191, 255]);
  expect([...toPixels(Float64Array.of(-4, 0, 2), 1)]).toEqual([1, 128, 191]);
  expect([...toPixels(Float32Array.of(-1e-7, 0, 1e-8), 1)]).toEqual([128, 128, 128]);
});

test('a pixel that is no color is red, and has no say in the scale', () => {
  expect([...toPixels(Float32Array.of(1, 2, 4, 100, NaN, 100), 3)]).toEqual([63, 127, 255, 255, 0, 0]);
  expect([...toPixels(Float32Array.of(Infinity, 0, 0, 0), 4)]).toEqual([255, 0, 0, 255]);
});
