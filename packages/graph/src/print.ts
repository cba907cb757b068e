import type { Graph } from './graph.js';
import type { Node } from './node.js';
import type { Op } from './op.js';
import { showSpec } from './spec.js';
import type { SubGraph } from './subgraph.js';
import type { Edge } from './tensor.js';
import { neededNodes } from './needed-nodes.js';

/** The attributes of an application as they print, in brackets, or nothing. */
export function showAttrs(op: Op, attrs: unknown): string {
  const text =
    op.show === undefined ? (Object.keys(attrs ?? {}).length === 0 ? '' : JSON.stringify(attrs)) : op.show(attrs);
  return text === '' ? '' : ` {${text}}`;
}

/** A graph, or the part of it that `fetches` need, as text: a line per node, bodies indented. */
export function printGraph(graph: Graph, fetches?: readonly Edge[]): string {
  return lines(fetches === undefined ? graph.nodes : neededNodes(fetches), '').join('\n');
}

function lines(nodes: readonly Node[], indent: string): string[] {
  return nodes.flatMap((n) => {
    const outs = n.outputs.map((o) => `${o.name}: ${showSpec(o.spec)}`).join(', ');
    const after = n.controlInputs.length === 0 ? '' : ` after ${n.controlInputs.map((c) => c.name).join(', ')}`;
    const line = `${indent}${outs === '' ? n.name : outs} = ${n.op.name}(${n.inputs.map((t) => t.name).join(', ')})${showAttrs(n.op, n.attrs)}${after}`;
    return [line, ...(n.op.subgraphs?.(n.attrs) ?? []).flatMap((g) => printSubGraph(g, indent))];
  });
}

function printSubGraph({ params, outputs }: SubGraph, indent: string): string[] {
  const nodes = neededNodes(outputs).filter((n) => !params.some((p) => p.op === n));
  return [
    `${indent}  (${params.map((p) => `${p.name}: ${showSpec(p.spec)}`).join(', ')}) {`,
    ...lines(nodes, `${indent}    `),
    `${indent}  } -> ${outputs.map((o) => o.name).join(', ')}`,
  ];
}
