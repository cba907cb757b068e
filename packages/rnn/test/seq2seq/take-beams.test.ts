import { placeholder, resetDefaultGraph } from '@tensorloom/graph';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { takeBeams } from '../../src/seq2seq/take-beams.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

test.each([[[null, null, 2]], [[null, null, null]], [[2, 3, 2]]])('takes parts of each row, shape %j', (shape) => {
  const x = placeholder('float32', shape);
  const ids = placeholder('int32', [2, null]);
  const taken = takeBeams(x, ids);
  const value = [0, 1].map((row) => [0, 1, 2].map((beam) => [row * 10 + beam, -beam]));
  const choice = fc.integer({ min: 1, max: 4 }).chain((m) => {
    const row = fc.array(fc.nat(2), { minLength: m, maxLength: m });
    return fc.tuple(row, row);
  });
  fc.assert(
    fc.property(choice, (rows) => {
      const got = run(taken, [
        [x, value],
        [ids, rows],
      ]).toArray();
      expect(got).toEqual(rows.map((row, i) => row.map((beam) => value[i][beam])));
    }),
    { numRuns: 10 },
  );
});
