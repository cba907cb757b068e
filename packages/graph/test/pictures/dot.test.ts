import { parse } from '@ts-graphviz/ast';
import { expect, test } from 'vitest';
import { Graph, makeOp, placeholder, withGraph } from '../../src/index.js';
import { toDot } from '../../src/pictures/dot.js';

test('nodes, frames and arrows in the language of Graphviz', () => {
  const graph = new Graph();
  withGraph(graph, () => placeholder('float32', [2], { name: 's/x' }).exp({ name: 's/y' }));
  expect(toDot(graph).split('\n').slice(2)).toEqual([
    '  subgraph cluster_f1 {',
    '    label="s"; style=rounded; color="#999999";',
    '    n0 [label="x\\nPlaceholder", shape=invhouse, style=filled, fillcolor="#cfe8d5"];',
    '    n1 [label="y\\nExp", shape=box, style="rounded,filled", fillcolor="#f4f4f4"];',
    '  }',
    '  n0 -> n1 [label="float32[2]"];',
    '}',
  ]);
  expect(graph.toDot()).toBe(toDot(graph));
});

test('names of ops with quotes, backslashes and breaks are what they are', () => {
  const graph = new Graph();
  graph.apply(makeOp({ name: 'a "b" \\ c\nd', infer: () => [] }), [], {}, 'x');
  const text = toDot(graph);
  expect(text).toContain('label="x\\na \\"b\\" \\\\ c\\nd"');
  expect(() => parse(text)).not.toThrow();
});
