import { reference } from '@tensorloom/backend-reference';
import { Graph, withGraph } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BuiltGraph, buildGraph } from '../../src/random-graphs/build.js';
import { type GraphDescription, randomGraphs } from '../../src/random-graphs/description.js';

const built = (description: GraphDescription): { readonly graph: Graph; readonly made: BuiltGraph } => {
  const graph = new Graph();
  return { graph, made: withGraph(graph, () => buildGraph(description)) };
};

describe('buildGraph', () => {
  it('builds the same graph from the same description', () => {
    fc.assert(
      fc.property(randomGraphs(), (description) => {
        const [a, b] = [built(description), built(description)].map(({ graph }) => graph.nodes.map(String));
        expect(a).toEqual(b);
      }),
      { numRuns: 20 },
    );
  });

  it('builds graphs that run, and give finite numbers', () => {
    fc.assert(
      fc.property(randomGraphs(), (description) => {
        const { graph, made } = built(description);
        const session = new Session({ graph, backend: reference() });
        session.runSync(made.initializers);
        const results = session.runSync(made.fetches, made.feeds);
        session.close();
        for (const [i, { data }] of results.entries()) {
          expect(Array.from(data).every(Number.isFinite), made.fetches[i].name).toBe(true);
        }
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it('differentiates as often as asked', () => {
    const descriptions = fc.sample(randomGraphs(), { numRuns: 40, seed: 1 });
    const fetched = (order: 0 | 1 | 2): number =>
      descriptions.reduce((n, d) => n + built({ ...d, order }).made.fetches.length, 0);
    const [none, once, twice] = [fetched(0), fetched(1), fetched(2)];
    expect(once).toBeGreaterThan(none + 20);
    expect(twice).toBeGreaterThan(once + 20);
  });

  it('leaves lengths to the run where the description says so', () => {
    const open = fc.sample(randomGraphs(), { numRuns: 40, seed: 1 }).flatMap((d) => built(d).made.fetches);
    expect(open.filter((t) => t.shape?.includes(null) === true).length).toBeGreaterThan(20);
  });
});
