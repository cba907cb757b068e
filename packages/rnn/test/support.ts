import { expect } from 'vitest';

const flat = (x: unknown): number[] => (Array.isArray(x) ? x.flatMap(flat) : [Number(x)]);

/** Expects nested arrays of numbers to agree to `tolerance`, element by element. */
export function expectClose(got: unknown, want: unknown, tolerance = 1e-5): void {
  const [a, b] = [flat(got), flat(want)];
  expect(a).toHaveLength(b.length);
  a.forEach((v, i) =>
    expect(Math.abs(v - b[i]), `element ${i}: got ${v}, expected ${b[i]}`).toBeLessThanOrEqual(tolerance),
  );
}
