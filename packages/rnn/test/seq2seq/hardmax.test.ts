import { reference } from '@tensorloom/backend-reference';
import { constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

test('one where the largest logit is, the first of equal ones', () => {
  const session = new Session({ backend: reference() });
  const logits = constant([
    [0.1, 3, -2],
    [5, 5, 1],
    [-Infinity, -4, -3],
  ]);
  expect(session.runSync(seq2seq.hardmax(logits)).toArray()).toEqual([
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, 1],
  ]);
  session.close();
});

test('has the dtype and the shape of the logits, and picks the largest', () => {
  fc.assert(
    fc.property(ndarrays('float64', [2, 3, 4]), (x) => {
      const logits = placeholder('float64', [null, 3, null]);
      const chosen = seq2seq.hardmax(logits);
      expect([chosen.dtype, chosen.shape]).toEqual(['float64', [null, 3, null]]);
      const session = new Session({ backend: reference() });
      const values = Array.from(session.runSync(chosen, [[logits, x]]).data);
      session.close();
      for (let row = 0; row < 6; row++) {
        const at = (xs: ArrayLike<number | bigint>): number[] =>
          Array.from(xs)
            .slice(4 * row, 4 * row + 4)
            .map(Number);
        const [picked, given] = [at(values), at(x.data)];
        expect(picked.reduce((a, b) => a + b, 0)).toBe(1);
        expect(given[picked.indexOf(1)]).toBe(Math.max(...given));
      }
    }),
  );
});
