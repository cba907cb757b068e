import type { Graph } from '../graph.js';
import { type PictureArrow, type PictureFrame, type PictureKind, type PictureOptions, pictureOf } from './picture.js';

/** Brackets around a label, which say what a node looks like. */
const brackets: Readonly<Record<PictureKind, readonly [string, string]>> = {
  constant: ['[', ']'],
  control: ['{{', '}}'],
  op: ['(', ')'],
  parameter: ['>', ']'],
  placeholder: ['[/', '\\]'],
  variable: ['[(', ')]'],
};
const arrowsOf: Readonly<Record<PictureArrow['kind'], string>> = { data: '-->', order: '-.->', next: '==>' };

/** A label, in which Mermaid reads `#` as the beginning of a character's name. */
const text = (s: string): string => {
  const named: Readonly<Record<string, string>> = {
    '#': '#35;',
    '"': '#quot;',
    '<': '#lt;',
    '>': '#gt;',
    '\\': '#92;',
  };
  return `"${s.replace(/[#"<>\\]/g, (c) => named[c]).replace(/\r?\n/g, '<br/>')}"`;
};

/** A graph as a flow chart of Mermaid; see `Graph.toMermaid`. https://mermaid.js.org/syntax/flowchart.html */
export function toMermaid(graph: Graph, options: PictureOptions = {}): string {
  const { frame, arrows } = pictureOf(graph, options);
  return [
    'flowchart TB',
    ...contents(frame, '  '),
    ...arrows.map(
      ({ from, to, label, kind }) => `  ${from} ${arrowsOf[kind]}${label === '' ? '' : `|${text(label)}|`} ${to}`,
    ),
  ].join('\n');
}

function contents({ nodes, frames }: PictureFrame, indent: string): string[] {
  return [
    ...nodes.map(({ id, label, kind }) => `${indent}${id}${brackets[kind][0]}${text(label)}${brackets[kind][1]}`),
    ...frames.flatMap((inner) => [
      `${indent}subgraph ${inner.id} [${text(inner.title)}]`,
      ...contents(inner, `${indent}  `),
      `${indent}end`,
    ]),
  ];
}
