import * as tl from 'tensorloom';
import { mutatedJson } from '@tensorloom/testkit';
import fc from 'fast-check';
import { expect } from 'vitest';

function fileOf(build: () => unknown): string {
  const graph = new tl.Graph();
  tl.withGraph(graph, () => (tl.setRandomSeed(1), build()));
  return JSON.stringify(tl.graphToJson(graph));
}

/** Small graphs with everything in them that files have: bodies, variables, random streams, devices, dependencies, lists. */
const texts = [
  fileOf(() => tl.constant([1, 2]).add(tl.placeholder('float32', [null, 2]))),
  fileOf(() => {
    const v = tl.getVariable('v', [2]);
    tl.device('a', () =>
      tl.controlDependencies([v.assignAdd([1, 1])], () => tl.group(tl.print(v.readValue(), [v], { message: 'v' }))),
    );
    tl.nn.dropout(v, { keepProb: 0.5 });
    const [a, b] = tl.split(tl.transpose(tl.oneHot([1, 0], 4)), 2);
    tl.cond(
      tl.placeholder('bool', []),
      () => a,
      () => tl.reverse(b, [0]),
    );
  }),
  fileOf(() => {
    const x = tl.placeholder('float32', [3]);
    const ys = tl.mapFn(
      (e) =>
        tl.cond(
          e.greater(0),
          () => tl.sin(e),
          () => tl.tanh(e),
        ),
      x,
    );
    tl.gradients(tl.reduceSum(ys), [x]);
  }),
  fileOf(() => {
    const X = tl.placeholder('float32', [null, 3, 2]);
    const [, h] = tl.rnn.dynamicRnn(new tl.rnn.BasicRNNCell(2), X, { dtype: 'float32' });
    new tl.train.MomentumOptimizer({ learningRate: 0.1, momentum: 0.9 }).minimize(tl.reduceSum(h));
  }),
];

/** Loads what is left of mutated files: a clear error or a graph that writes the same file again, at once, and without making what they claim. */
export function checkMutatedGraphs(numRuns: number): void {
  let loaded = 0;
  let refused = 0;
  fc.assert(
    fc.property(mutatedJson(fc.constantFrom(...texts)), (text) => {
      const before = process.memoryUsage().arrayBuffers;
      const start = performance.now();
      let graph: tl.Graph | undefined;
      try {
        graph = tl.graphFromJson(text);
        loaded++;
      } catch (error) {
        if (!(error instanceof tl.GraphError)) throw error;
        expect(error.message).toMatch(/^graphFromJson: .{10,600}\. The file is damaged, or no graph\.$/s);
        expect(error.message).not.toMatch(/undefined \(|is not iterable|is not a function|Cannot read/);
        refused++;
      }
      expect(performance.now() - start).toBeLessThan(1000);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * text.length + 2 ** 20);
      if (graph === undefined) return;
      const again = JSON.stringify(tl.graphToJson(graph));
      expect(JSON.stringify(tl.graphToJson(tl.graphFromJson(again)))).toBe(again);
      tl.printGraph(graph);
    }),
    { numRuns },
  );
  expect(loaded).toBeGreaterThan(numRuns / 200);
  expect(refused).toBeGreaterThan(numRuns / 4);
}
