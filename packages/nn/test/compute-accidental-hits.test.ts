import { placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../testkit/golden/sampled-losses.json' with { type: 'json' };
import { run } from './sampling.js';

const { computeAccidentalHits } = nn;

beforeEach(() => resetDefaultGraph());

test.each(golden.accidentalHits)("TensorFlow's hits of $trueClasses in $sampled", ({ trueClasses, sampled, hits }) => {
  const [indices, ids, weights] = run(computeAccidentalHits(trueClasses, sampled, trueClasses[0].length));
  expect([indices, ids]).toEqual(hits.slice(0, 2));
  expect((weights as number[]).map(Math.fround)).toEqual(hits[2].map(Math.fround));
});

test('each hit names a candidate that is a true class of its row, and none is left out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 6 }),
      fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 8 }),
      (rows, sampled) => {
        resetDefaultGraph();
        const [labels, candidates] = [placeholder('int32', [null, 2]), placeholder('int32', [null])];
        const [indices, ids] = run(computeAccidentalHits(labels, candidates, 2), [
          [labels, { shape: [rows.length, 2], data: Int32Array.from(rows.flat()) }],
          [candidates, sampled],
        ]) as number[][];
        const want = rows.flatMap((row, i) =>
          row.flatMap((k) => (sampled.includes(k) ? [[i, sampled.indexOf(k)]] : [])),
        );
        expect(indices.map((row, i) => [row, ids[i]])).toEqual(want);
      },
    ),
    { numRuns: 40 },
  );
});

test('errors', () => {
  expect(() => computeAccidentalHits([[1, 2]], [1], 1)).toThrow(
    /^computeAccidentalHits: expected true classes int32 \[batch, 1\], got int32\[1,2\]/,
  );
  expect(() => computeAccidentalHits([[1]], [[1]], 1)).toThrow(
    /expected sampled candidates int32 \[numSampled\], got int32\[1,1\]/,
  );
});
