import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Seeds, philox } from '../../src/random/philox.js';
import { Words } from '../../src/random/words.js';

const seeds: Seeds = { key: [42, 0], counter: [7, 0] };

test('the words of a stream in order, beyond what is made at a time', () => {
  const want = new Uint32Array(1200);
  philox(want, seeds, 3);
  const words = new Words(seeds, 3);
  expect(Array.from(want, () => words.next())).toEqual(Array.from(want));
});

test('integers below n are words modulo n, without the words at which it would not come out even', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (n) => {
      const [raw, words] = [new Words(seeds, 0), new Words(seeds, 0)];
      const last = 2 ** 32 - (2 ** 32 % n);
      for (let i = 0; i < 50; i++) {
        let word = raw.next();
        // As many words are passed over, the first instead of the last ones.
        while (2 ** 32 - 1 - word >= last) word = raw.next();
        expect(words.below(n)).toBe(word % n);
      }
    }),
  );
});
