import { reference } from '@tensorloom/backend-reference';
import { NDArray, constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { expectClose } from '../support.js';

beforeEach(() => resetDefaultGraph());

const { monotonicAttention } = seq2seq;
const [BATCH, PLACES] = [3, 6];

/** Runs it with batch and places unknown while the graph is built. */
function attentionOf(p: NDArray, previous: NDArray, mode: seq2seq.MonotonicMode): unknown {
  resetDefaultGraph();
  const [P, A] = [placeholder('float64', [null, null]), placeholder('float64', [null, null])];
  const session = new Session({ backend: reference() });
  const feeds = [
    [P, p],
    [A, previous],
  ] as const;
  const value = session.runSync(monotonicAttention(P, A, mode), feeds).toArray();
  session.close();
  return value;
}

/** The recurrence by which TensorFlow's test states it: q[j] = (1 - p[j - 1]) q[j - 1] + previous[j], attention p q. */
function explicit(p: NDArray, previous: NDArray): number[] {
  const [ps, before] = [p, previous].map(({ data }) => Array.from(data, Number));
  const q: number[] = [];
  ps.forEach((_, i) => q.push((i % PLACES === 0 ? 0 : (1 - ps[i - 1]) * q[i - 1]) + before[i]));
  return q.map((v, i) => v * ps[i]);
}

const probabilities = (max: number): fc.Arbitrary<NDArray> => ndarrays('float64', [BATCH, PLACES], { min: 0, max });
/** Weights that sum to 1 in each row. */
const distributions = ndarrays('float64', [BATCH, PLACES], { min: 0.1, max: 1 }).map((x) => {
  const rows = Array.from({ length: BATCH }, (_, row) =>
    Array.from(x.data, Number).slice(row * PLACES, (row + 1) * PLACES),
  );
  const data = rows.flatMap((row) => row.map((v) => v / row.reduce((a, b) => a + b, 0)));
  return new NDArray('float64', [BATCH, PLACES], Float64Array.from(data));
});
const bits = fc
  .array(fc.constantFrom(0, 1), { minLength: BATCH * PLACES, maxLength: BATCH * PLACES })
  .map((data) => new NDArray('float64', [BATCH, PLACES], Float64Array.from(data)));
const places = fc.array(fc.nat(PLACES - 1), { minLength: BATCH, maxLength: BATCH }).map((at) => {
  const data = at.flatMap((place) => Array.from({ length: PLACES }, (_, i) => Number(i === place)));
  return new NDArray('float64', [BATCH, PLACES], Float64Array.from(data));
});

describe('each mode is the recurrence that defines it', () => {
  test('recursive, for all probabilities', () =>
    fc.assert(
      fc.property(fc.oneof(probabilities(1), bits), distributions, (p, previous) =>
        expectClose(attentionOf(p, previous, 'recursive'), explicit(p, previous), 1e-12),
      ),
    ));

  test('parallel, away from 1', () =>
    fc.assert(
      fc.property(probabilities(0.9), distributions, (p, previous) =>
        expectClose(attentionOf(p, previous, 'parallel'), explicit(p, previous), 1e-9),
      ),
    ));

  test('hard, for probabilities 0 and 1 and one place before', () =>
    fc.assert(
      fc.property(bits, places, (p, previous) => {
        const got = attentionOf(p, previous, 'hard');
        expectClose(got, explicit(p, previous), 0);
        expectClose(attentionOf(p, previous, 'recursive'), got, 0);
      }),
    ));

  test('parallel, for probabilities 0 and 1 from the first place', () =>
    fc.assert(
      fc.property(bits, (p) => {
        const first = Float64Array.from({ length: BATCH * PLACES }, (_, i) => Number(i % PLACES === 0));
        const previous = new NDArray('float64', [BATCH, PLACES], first);
        expectClose(attentionOf(p, previous, 'parallel'), attentionOf(p, previous, 'hard'), 1e-9);
      }),
    ));
});

test('what it attends to is what it could reach: never more in all than before', () => {
  fc.assert(
    fc.property(probabilities(1), distributions, (p, previous) => {
      const got = [attentionOf(p, previous, 'recursive')].flat(2).map(Number);
      const before = Array.from(previous.data, Number);
      for (let row = 0; row < BATCH; row++) {
        let [reached, attended] = [0, 0];
        for (let i = row * PLACES; i < (row + 1) * PLACES; i++) {
          reached += before[i];
          attended += got[i];
          expect(attended).toBeLessThanOrEqual(reached + 1e-12);
        }
      }
    }),
  );
});

test('over several steps it is the average of walks along the memory', () => {
  // The chance of stopping at each place after two steps, by adding up all walks.
  const [first, second] = [
    [0.3, 0.6, 0.5],
    [0.2, 0.9, 0.4],
  ];
  const stops = (p: readonly number[], from: number): number[] =>
    p.map((v, j) => (j < from ? 0 : v * p.slice(from, j).reduce((q, u) => q * (1 - u), 1)));
  const once = stops(first, 0);
  const twice = [0, 1, 2].map((j) => once.reduce((sum, chance, i) => sum + chance * stops(second, i)[j], 0));
  const start = constant([[1, 0, 0]], { dtype: 'float64' });
  const step1 = monotonicAttention([first], start, 'recursive');
  const session = new Session({ backend: reference() });
  const got = session.runSync([step1, monotonicAttention([second], step1, 'parallel')]).map((v) => v.toArray());
  session.close();
  expectClose(got, [once, twice], 1e-12);
});

test.each(['recursive', 'parallel'] as const)('gradients, orders 1 and 2, %s', (mode) => {
  fc.assert(
    fc.property(
      ndarrays('float64', [2, 4], { min: 0.1, max: 0.9 }),
      ndarrays('float64', [2, 4], { min: 0.1, max: 1 }),
      (p, previous) =>
        checkGradients({ inputs: [p, previous], order: 2, build: ([P, A]) => monotonicAttention(P, A, mode) }),
    ),
    { numRuns: 5 },
  );
});

test('errors', () => {
  const mode = JSON.parse('"soft"') as seq2seq.MonotonicMode;
  expect(() => monotonicAttention([[1]], [[1]], mode)).toThrow(
    /monotonicAttention: expected a mode of recursive, parallel, hard, got soft/,
  );
});
