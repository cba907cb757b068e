import { passes, lower } from '@tensorloom/runtime';
import { randomGraphs } from '@tensorloom/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { built, checkBackends, checkPasses } from './random-graph-laws.js';

const runs = { numRuns: 50, seed: 1 };

test('programs compute the same with passes and without, to the last bit', () => {
  fc.assert(fc.property(randomGraphs(), checkPasses), runs);
});

test('the CPU backend computes what the reference backend computes', () => {
  fc.assert(fc.property(randomGraphs(), checkBackends), runs);
});

test('the graphs give the passes something to do, and hold what programs are made of', () => {
  const found = fc.sample(randomGraphs(), runs).map((description) => {
    const { fetches, feeds } = built(description).made;
    const keys = feeds.map(([t]) => t);
    const steps = (rewrites: typeof passes): readonly string[] =>
      lower(fetches, [], keys, rewrites).steps.map((s) => s.kind);
    return { plain: steps([]), rewritten: steps(passes) };
  });
  expect(found.filter(({ plain, rewritten }) => rewritten.length < plain.length).length).toBeGreaterThan(25);
  const kinds = new Set(found.flatMap(({ plain }) => plain));
  for (const kind of ['kernel', 'host', 'random', 'read', 'assign', 'loop', 'cond', 'list'] as const) {
    expect(kinds).toContain(kind);
  }
});
