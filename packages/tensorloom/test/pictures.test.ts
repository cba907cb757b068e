import { gradients } from '@tensorloom/autodiff';
import { Graph, placeholder, withGraph } from '@tensorloom/graph';
import { buildGraph, buildProgram, randomGraphs, randomPrograms } from '@tensorloom/testkit';
import { parse } from '@ts-graphviz/ast';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** Throws unless both drawings have every node once and arrows between nodes that are there, and the first is in Graphviz's language. */
function checkPictures(graph: Graph): void {
  const dot = graph.toDot();
  parse(dot);
  const drawn = [...dot.matchAll(/^ *(n\d+) \[label=/gm)].map(([, id]) => id);
  expect(new Set(drawn).size).toBe(drawn.length);
  expect(drawn.length).toBeGreaterThanOrEqual(graph.nodes.length);
  const arrows = [...dot.matchAll(/^ *(n\d+) -> (n\d+) /gm)].map(([, from, to]) => [from, to]);
  for (const end of arrows.flat()) expect(drawn).toContain(end);
  const inputs = graph.nodes.flatMap((n) => ((n.op.subgraphs?.(n.attrs).length ?? 0) > 0 ? [] : n.inputs)).length;
  const order = graph.nodes.flatMap((n) => n.controlInputs).length;
  expect(arrows.length).toBeGreaterThanOrEqual(inputs + order);
  const mermaid = graph.toMermaid().split('\n');
  const count = (pattern: RegExp): number => mermaid.filter((line) => pattern.test(line)).length;
  expect(count(/^ *n\d+[[({>]/)).toBe(drawn.length);
  expect(count(/^ *n\d+ (-->|-\.->|==>)/)).toBe(arrows.length);
  expect(count(/^ *subgraph /)).toBe(count(/^ *end$/));
}

test('every graph can be drawn', () => {
  fc.assert(
    fc.property(randomGraphs(), (description) => {
      const graph = new Graph();
      withGraph(graph, () => buildGraph(description));
      checkPictures(graph);
    }),
    { numRuns: 30, seed: 1 },
  );
});

test('loops, branches, arrays and their gradients can be drawn', () => {
  fc.assert(
    fc.property(randomPrograms(), ({ result }) => {
      const graph = new Graph();
      withGraph(graph, () => {
        const inputs = [
          [null, 2],
          [4, 2],
          [null, null, 2],
        ].map((shape) => placeholder('float64', shape));
        const y = buildProgram(result, { x: inputs[0], weights: inputs[1], rows: inputs[2] });
        gradients(y, inputs);
      });
      checkPictures(graph);
    }),
    { numRuns: 30, seed: 1 },
  );
});
