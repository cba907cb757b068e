import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClassCounts } from '../../src/random/class-counts.js';
import { Words } from '../../src/random/words.js';

// TensorFlow's samples stand in nn's learned-unigram-candidate-sampler.test.ts.
const words = (): Words => new Words({ key: [42, 0], counter: [1, 0] }, 0);

test('a draw is the first class up to which there are more counts than a number below the total says', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(1000), { maxLength: 60 }), (range, seen) => {
      const counts = new ClassCounts(range);
      const plain = new Array<number>(range).fill(1);
      for (const k of seen) {
        counts.add(k % range);
        plain[k % range]++;
      }
      expect(plain.map((_, k) => counts.countOf(k))).toEqual(plain);
      expect(counts.total).toBe(range + seen.length);
      const [drawing, raw] = [words(), words()];
      for (let i = 0; i < 30; i++) {
        let point = raw.below(counts.total);
        const want = plain.findIndex((n) => (point -= n) < 0);
        expect(counts.draw(drawing)).toBe(want);
      }
    }),
  );
});

test('goes on from its counts', () => {
  const counts = new ClassCounts(5);
  [0, 3, 3, 4].forEach((k) => counts.add(k));
  expect(counts.counts).toEqual([2, 1, 1, 3, 2]);
  const again = new ClassCounts(5, counts.counts);
  expect([again.total, again.counts]).toEqual([9, counts.counts]);
  const [a, b] = [words(), words()];
  for (let i = 0; i < 20; i++) expect(again.draw(a)).toBe(counts.draw(b));
});
