import { expect, test } from 'vitest';
import { Graph, controlDependencies, identity, makeOp, placeholder, withGraph } from '../../src/index.js';
import { toMermaid } from '../../src/pictures/mermaid.js';

test('nodes, frames and arrows as a flow chart', () => {
  const graph = new Graph();
  withGraph(graph, () => {
    const x = placeholder('float32', [2], { name: 's/x' });
    const y = x.exp({ name: 's/y' });
    controlDependencies([y], () => identity(x, { name: 'z' }));
  });
  expect(toMermaid(graph).split('\n')).toEqual([
    'flowchart TB',
    '  n2("z<br/>Identity")',
    '  subgraph f1 ["s"]',
    '    n0[/"x<br/>Placeholder"\\]',
    '    n1("y<br/>Exp")',
    '  end',
    '  n0 -->|"float32[2]"| n1',
    '  n1 -.-> n2',
    '  n0 -->|"float32[2]"| n2',
  ]);
  expect(graph.toMermaid({ types: false })).toContain('n0 --> n1');
});

test('characters that Mermaid would read are named', () => {
  const graph = new Graph();
  graph.apply(makeOp({ name: 'a"#<b>\\', infer: () => [] }), [], {}, 'x');
  expect(toMermaid(graph)).toContain('n0("x<br/>a#quot;#35;#lt;b#gt;#92;")');
});
