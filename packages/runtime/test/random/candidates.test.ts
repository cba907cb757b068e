import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillCandidates, logUniform, uniform } from '../../src/random/candidates.js';
import type { Seeds } from '../../src/random/philox.js';

const seedsOf = (op: number): Seeds => ({ key: [42, 0], counter: [op, 0] });

// TensorFlow's samples stand in nn's candidate-samplers.test.ts.
test.each([
  ['log-uniform', logUniform],
  ['uniform', uniform],
])('%s numbers are below the range, differ where they shall, and are counted', (_, draw) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.nat(30),
      fc.boolean(),
      fc.nat(1000),
      (range, wanted, unique, seed) => {
        const count = unique ? Math.min(wanted, range) : wanted;
        const out = new Int32Array(count + 1);
        const next = fillCandidates(out, seedsOf(seed), 5, draw, range, unique);
        const drawn = Array.from(out.subarray(0, count));
        expect(drawn.every((k) => k >= 0 && k < range)).toBe(true);
        if (unique) expect(new Set(drawn).size).toBe(count);
        expect(out[count]).toBeGreaterThanOrEqual(count);
        if (!unique) expect(out[count]).toBe(count);
        expect(next).toBe(5 + 512 * count);
      },
    ),
  );
});

test('more different numbers than there are is an error', () => {
  expect(() => fillCandidates(new Int32Array(6), seedsOf(1), 0, uniform, 4, true)).toThrow(
    /expected 5 numbers below 4/,
  );
});
