import * as tl from 'tensorloom';
import { buildProgram, programs, randomGraphs, randomPrograms } from '@tensorloom/testkit';
import { modelPrograms } from '@tensorloom/testkit/models';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkComesBack, reloaded } from './graph-file-laws.js';
import { built } from './random-graph-laws.js';

/** A graph of its own, with a seed. */
function inGraph<T>(build: () => T): { readonly graph: tl.Graph; readonly made: T } {
  const graph = new tl.Graph();
  return { graph, made: tl.withGraph(graph, () => (tl.setRandomSeed(42), build())) };
}

const asPairs = (feeds: tl.Feeds = []): (readonly [tl.Tensor, tl.FeedValue])[] =>
  [...feeds].map(([key, value]) => {
    if (!tl.isTensor(key)) throw new Error('these programs feed tensors');
    return [key, value];
  });

describe('graphs come back from their files as they were', () => {
  test('random graphs', () => {
    const check = (description: Parameters<typeof built>[0]): void => {
      const { graph, made } = built(description);
      graph.seed = 5;
      checkComesBack(graph, made);
    };
    fc.assert(fc.property(randomGraphs(), check), { numRuns: 30, seed: 1 });
  });

  test('nested loops, branches and arrays, with gradients of two orders', () => {
    fc.assert(
      fc.property(randomPrograms(), ({ x, weights, rows, result }) => {
        const { graph, made } = inGraph(() => {
          const inputs = [x, weights, rows].map(({ shape }) => tl.placeholder('float64', shape));
          const y = buildProgram(result, { x: inputs[0], weights: inputs[1], rows: inputs[2] });
          const first = tl.gradients(y, inputs, { unconnectedGradients: 'zero' }).filter((g) => g !== null);
          const weighted = first.map((g) => tl.reduceSum(tl.sin(g))).reduce((a, b) => a.add(b));
          return { fetches: [y, weighted], feeds: inputs.map((t, i) => [t, [x, weights, rows][i]] as const) };
        });
        checkComesBack(graph, made);
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  test.each([...programs, ...modelPrograms].map(({ name, build }) => [name, build] as const))('%s', (_, build) => {
    const { graph, made } = inGraph(build);
    if (made.fails !== undefined) expect(tl.printGraph(reloaded(graph).again)).toBe(tl.printGraph(graph));
    else {
      const { fetches, feeds, targets = [], init } = made;
      checkComesBack(graph, {
        fetches,
        feeds: asPairs(feeds),
        targets,
        initializers: init === undefined ? [] : [init],
      });
    }
  });
});
