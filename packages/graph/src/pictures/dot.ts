import type { Graph } from '../graph.js';
import { type PictureArrow, type PictureFrame, type PictureKind, type PictureOptions, pictureOf } from './picture.js';

const shapes: Readonly<Record<PictureKind, string>> = {
  constant: 'shape=plain, fontcolor="#666666"',
  control: 'shape=hexagon, style=filled, fillcolor="#fde2c4"',
  op: 'shape=box, style="rounded,filled", fillcolor="#f4f4f4"',
  parameter: 'shape=cds, style=filled, fillcolor="#ffffff"',
  placeholder: 'shape=invhouse, style=filled, fillcolor="#cfe8d5"',
  variable: 'shape=cylinder, style=filled, fillcolor="#d3e0f5"',
};
const lines: Readonly<Record<PictureArrow['kind'], string>> = {
  data: '',
  order: 'style=dashed, ',
  next: 'style=bold, color="#c0504d", fontcolor="#c0504d", constraint=false, ',
};

const text = (s: string): string => `"${s.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\r?\n/g, '\\n')}"`;

/** A graph in Graphviz's language; see `Graph.toDot`. https://graphviz.org/doc/info/lang.html */
export function toDot(graph: Graph, options: PictureOptions = {}): string {
  const { frame, arrows } = pictureOf(graph, options);
  return [
    'digraph {',
    '  graph [rankdir=TB, fontname="Helvetica", compound=true]; node [fontname="Helvetica", fontsize=11]; edge [fontname="Helvetica", fontsize=9];',
    ...contents(frame, '  '),
    ...arrows.map(({ from, to, label, kind }) => `  ${from} -> ${to} [${lines[kind]}label=${text(label)}];`),
    '}',
  ].join('\n');
}

function contents({ nodes, frames }: PictureFrame, indent: string): string[] {
  return [
    ...nodes.map(({ id, label, kind }) => `${indent}${id} [label=${text(label)}, ${shapes[kind]}];`),
    ...frames.flatMap((inner) => [
      `${indent}subgraph cluster_${inner.id} {`,
      `${indent}  label=${text(inner.title)}; ${inner.kind === 'body' ? 'style=filled; fillcolor="#fff8ef"; color="#d9a867";' : 'style=rounded; color="#999999";'}`,
      ...contents(inner, `${indent}  `),
      `${indent}}`,
    ]),
  ];
}
