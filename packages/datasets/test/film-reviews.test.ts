import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filmReviews, filmReviewWords } from '../src/index.js';

const praise = /\b(good|great|moving|funny|clever|charming|gripping|superb|fresh|convincing)$/;
const negation = /\b(not|never|hardly|anything but)\b/;

/** What a reader makes of a clause: praise, unless it is negated. */
const likes = (clause: string): boolean => praise.test(clause) !== negation.test(clause);

/** The clause that counts. */
function opinion(text: string): string {
  const [, after] = /^although .* , (.*)$/.exec(text) ?? [];
  if (after !== undefined) return after;
  const [main, subordinate] = text.split(' although ');
  if (subordinate !== undefined) return main;
  return text.replaceAll('anything but', 'never').split(' but ').at(-1)?.split(' and ')[0] ?? '';
}

describe('filmReviews', () => {
  it('labels a review as its reader would', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffffffff }), (seed) => {
        for (const { words, positive } of filmReviews(20, { seed })) {
          expect(likes(opinion(words.join(' '))), words.join(' ')).toBe(positive);
        }
      }),
    );
  });

  it('makes different reviews of known words, balanced, the same for the same seed', () => {
    const reviews = filmReviews(2000, { seed: 1 });
    expect(new Set(reviews.map(({ words }) => words.join(' '))).size).toBe(2000);
    const known = new Set(filmReviewWords);
    expect(known.size).toBe(filmReviewWords.length);
    for (const { words } of reviews) expect(words.filter((word) => !known.has(word))).toEqual([]);
    expect(Math.abs(reviews.filter(({ positive }) => positive).length - 1000)).toBeLessThan(100);
    expect(filmReviews(2000, { seed: 1 })).toEqual(reviews);
    expect(filmReviews(2000, { seed: 2 })).not.toEqual(reviews);
  });

  it('refuses sizes out of range', () => {
    for (const size of [0, 1.5, 100_001]) {
      expect(() => filmReviews(size)).toThrow(`filmReviews: expected a size from 1 to 100000, got ${size}.`);
    }
  });
});
