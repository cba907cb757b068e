import { randomGraphs } from '@tensorloom/testkit';
import fc from 'fast-check';
import { test } from 'vitest';
import { checkBackends, checkPasses } from './random-graph-laws.js';

const runs = { numRuns: 1000, seed: 2 };

test('programs compute the same with passes and without, to the last bit', () => {
  fc.assert(fc.property(randomGraphs({ steps: 20 }), checkPasses), runs);
});

test('the CPU backend computes what the reference backend computes', () => {
  fc.assert(fc.property(randomGraphs({ steps: 20 }), checkBackends), runs);
});
