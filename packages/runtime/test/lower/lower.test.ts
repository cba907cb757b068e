import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lower } from '../../src/lower/lower.js';
import { leakFree, runProgram } from '../support.js';
import { checkProgram } from './check-program.js';
import { randomGraphs } from './random-graphs.js';

describe('random graphs', () => {
  test('optimised and unoptimised programs give the same bits', () => {
    const backend = leakFree();
    fc.assert(
      fc.property(randomGraphs, ({ fetches, targets, feeds, variables }) => {
        const fed = feeds.map(([t]) => t);
        const args = feeds.map(([, v]) => v);
        const run = (...rewrites: Parameters<typeof lower>[3][]): unknown =>
          runProgram(lower(fetches, targets, fed, ...rewrites), args, { backend, variables }).map((v) => [
            v.shape,
            new Uint8Array(v.data.buffer),
          ]);
        expect(run()).toEqual(run([]));
      }),
      { numRuns: 50 },
    );
  });

  test('every register is released once, and given away only at its last use', () => {
    fc.assert(
      fc.property(randomGraphs, ({ fetches, targets, feeds }) => {
        const fed = feeds.map(([t]) => t);
        checkProgram(lower(fetches, targets, fed));
        checkProgram(lower(fetches, targets, fed, []));
      }),
      { numRuns: 50 },
    );
  });
});
