import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AliasTable } from '../../src/random/alias-table.js';
import { Words } from '../../src/random/words.js';

// TensorFlow's samples stand in nn's fixed-unigram-candidate-sampler.test.ts.
const words = (op = 1): Words => new Words({ key: [42, 0], counter: [op, 0] }, 0);

test('indices are drawn as often as their weights say, those of weight 0 never', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }).filter((weights) => weights.some((w) => w > 0)),
      fc.nat(1000),
      (weights, seed) => {
        const table = new AliasTable(weights);
        const total = weights.reduce((a, b) => a + b);
        const [n, stream] = [20_000, words(seed)];
        const counts = weights.map(() => 0);
        for (let i = 0; i < n; i++) counts[table.draw(stream)]++;
        weights.forEach((w, k) => {
          if (w === 0) expect(counts[k]).toBe(0);
          // Five standard deviations.
          expect(Math.abs(counts[k] / n - w / total)).toBeLessThan(5 * Math.sqrt(0.25 / n));
        });
        expect(table.size).toBe(weights.filter((w) => w > 0).length);
      },
    ),
    { numRuns: 30 },
  );
});

test('a table knows its weights', () => {
  const table = new AliasTable([1, 2]);
  expect([[1, 2], [1, 3], [1]].map((w) => table.isOf(Float32Array.from(w)))).toEqual([true, false, false]);
});

test('weights that cannot be drawn', () => {
  for (const weights of [[], [0, 0], [1, -1], [1, NaN], [1, Infinity]])
    expect(() => new AliasTable(weights)).toThrow(/expected weights that are finite and not negative/);
});
