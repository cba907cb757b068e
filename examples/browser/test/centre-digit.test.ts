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
    expect(measure(pixels)).toMatchObject({ width: 4, height: 20 });
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
        there.forEach((amount, i) => expect(Math.abs(amount - here[i])).toBeLessThan(1e-5));
      }),
      { numRuns: 50 },
    );
  });

  it('puts the centre of mass in the middle, and keeps all ink', () => {
    const drawing = fc.array(fc.tuple(fc.nat(59), fc.nat(59), fc.double({ min: 0.1, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(drawing, (dots) => {
        const data = new Float32Array(60 * 60);
        for (const [x, y, amount] of dots) data[y * 60 + x] = amount;
        const pixels = centreDigit({ width: 60, height: 60, data }) ?? new Float32Array();
        const xs = dots.map(([x]) => x);
        const ys = dots.map(([, y]) => y);
        const scale = 20 / (Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) + 1);
        const mass = data.reduce((sum, amount) => sum + amount, 0) * scale ** 2;
        const found = measure(pixels);
        expect(found.mass).toBeCloseTo(mass, 2);
        expect(Math.max(found.width, found.height)).toBeLessThanOrEqual(21);
        // A drawing heavy at one end would leave the image if its centre of mass were in the middle.
        expect(Math.abs(found.x - 14)).toBeLessThan(10);
        expect(Math.abs(found.y - 14)).toBeLessThan(10);
      }),
    );
  });
});
