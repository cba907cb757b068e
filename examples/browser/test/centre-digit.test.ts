import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreDigit, type Ink } from '../src/centre-digit.js';

const side = 28;

/** A drawing of one filled rectangle. */
function rectangle(width: number, height: number, [x0, y0, w, h]: readonly [number, number, number, number]): Ink {
  const data = Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x >= x0 && x < x0 + w && y >= y0 && y < y0 + h ? 1 : 0;
  });
  return { width, height, data };
}

/** The box around the pixels with ink, and the centre of mass. */
function measure(pixels: Float32Array) {
  const inked = Array.from(pixels, (amount, i) => ({ amount, x: i % side, y: Math.floor(i / side) })).filter(
    ({ amount }) => amount > 1e-6,
  );
  const mass = inked.reduce((sum, { amount }) => sum + amount, 0);
  return {
    mass,
    width: Math.max(...inked.map(({ x }) => x)) - Math.min(...inked.map(({ x }) => x)) + 1,
    height: Math.max(...inked.map(({ y }) => y)) - Math.min(...inked.map(({ y }) => y)) + 1,
    x: inked.reduce((sum, { amount, x }) => sum + amount * (x + 0.5), 0) / mass,
    y: inked.reduce((sum, { amount, y }) => sum + amount * (y + 0.5), 0) / mass,
  };
}

describe('centreDigit', () => {
  it('has nothing to show of an empty drawing', () => {
    expect(centreDigit(rectangle(50, 50, [0, 0, 0, 0]))).toBeUndefined();
  });

  it('makes a bar 20 pixels high, in the middle, as black as it was drawn', () => {
    const pixels = centreDigit(rectangle(280, 280, [200, 40, 20, 100])) ?? new Float32Array();
    expect(pixels).toHaveLength(side * side);
    const { width, height, x, y } = measure(pixels);
    expect([width, height]).toEqual([4, 20]);
    expect(x).toBeCloseTo(14, 4);
    expect(y).toBeCloseTo(14, 4);
    expect(pixels[14 * side + 13]).toBeCloseTo(1, 5);
    expect(pixels[14 * side + 2]).toBe(0);
  });

  it('does not care where the drawing is, nor how large', () => {
    const place = fc.tuple(
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 10, max: 90 }),
      fc.integer({ min: 10, max: 90 }),
    );
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 2 }), ([x, y, w, h], factor) => {
        const here = centreDigit(rectangle(200, 200, [0, 0, w, h])) ?? [];
        const there = centreDigit(rectangle(400, 400, [x * factor, y * factor, w * factor, h * factor])) ?? [];
        expect(there).toHaveLength(here.length);
        expect(Math.max(...Array.from(there, (amount, i) => Math.abs(amount - here[i])))).toBeLessThan(1e-5);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps all ink in the image, wherever it is heavy', () => {
    const drawing = fc.array(fc.tuple(fc.nat(59), fc.nat(59), fc.double({ min: 0.1, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(drawing, (dots) => {
        const data = new Float32Array(60 * 60);
        for (const [x, y, amount] of dots) data[y * 60 + x] = amount;
        const xs = dots.map(([x]) => x);
        const ys = dots.map(([, y]) => y);
        const scale = 20 / (Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) + 1);
        const mass = data.reduce((sum, amount) => sum + amount, 0) * scale ** 2;
        const found = measure(centreDigit({ width: 60, height: 60, data }) ?? new Float32Array());
        expect(found.mass / mass).toBeCloseTo(1, 4);
        expect(Math.max(found.width, found.height)).toBeLessThanOrEqual(21);
      }),
    );
  });

  it('puts the centre of mass in the middle as far as the ink stays inside', () => {
    // An L: its mass is at the lower left, so its box goes to the upper right.
    const data = new Float32Array(100 * 100);
    for (let i = 0; i < 100; i++) {
      for (let width = 0; width < 10; width++) data[i * 100 + width] = data[(90 + width) * 100 + i] = 1;
    }
    const { x, y } = measure(centreDigit({ width: 100, height: 100, data }) ?? new Float32Array());
    // 20 pixels from 8 to 28 and from 0 to 20, rather than 14 in the middle of the mass: that would take the box out of the image.
    const heavy = (100 * 10 * 5 + 90 * 10 * 55) / 1900 / 5;
    expect(x).toBeCloseTo(Math.min(8 + heavy, 14), 3);
    expect(y).toBeCloseTo(Math.max(20 - heavy, 14), 3);
  });
});
