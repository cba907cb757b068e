import type { Op } from '@tensorloom/graph';
import { type IrFunction, type IrNode, type IrValue, replaceUses } from './ir.js';

/**
 * Computes equal things once: pure nodes of one op with equal attributes and the same inputs become one. Nodes that draw random
 * numbers, touch state or hold bodies are never shared. Works inside bodies too, each by itself.
 */
export function share(f: IrFunction): IrFunction {
  const replaced = new Map<IrValue, IrValue>();
  const firsts = new Map<string, IrNode>();
  const ids = new Map<object, number>();
  const idOf = (x: object): number => {
    let id = ids.get(x);
    if (id === undefined) ids.set(x, (id = ids.size));
    return id;
  };
  const nodes: IrNode[] = [];
  for (const n of f.nodes) {
    const inputs = n.inputs.map((v) => replaced.get(v) ?? v);
    const key = n.op.effect === 'pure' && n.bodies.length === 0 ? keyOf(n.op, n.attrs, inputs, idOf) : null;
    const twin = key === null ? undefined : firsts.get(key);
    if (twin !== undefined) {
      n.outputs.forEach((o, i) => replaced.set(o, twin.outputs[i]));
      continue;
    }
    const node = { ...n, inputs, bodies: n.bodies.map(share) };
    if (key !== null) firsts.set(key, node);
    nodes.push(node);
  }
  const kept = new Set(nodes.map((n) => n.outputs));
  // A node that waits for one that is gone waits for the state of the same values: pure nodes need no waiting.
  const after = nodes.map((n) => ({ ...n, after: n.after.filter((a) => kept.has(a.outputs)) }));
  return replaceUses({ params: f.params, nodes: after, results: f.results }, replaced);
}

/** Elements beyond this many are compared by identity. */
const COMPARED_ELEMENTS = 64;

function keyOf(op: Op, attrs: unknown, inputs: readonly IrValue[], idOf: (x: object) => number): string {
  const text = JSON.stringify(attrs, (_, v: unknown) => {
    if (ArrayBuffer.isView(v)) return v.byteLength > 8 * COMPARED_ELEMENTS ? { id: idOf(v) } : { elements: Array.from(v as Float64Array, String) };
    return typeof v === 'object' && v !== null && !isData(v) ? { id: idOf(v) } : v;
  });
  return `${idOf(op)} ${inputs.map(idOf).join()} ${text}`;
}

const isData = (v: object): boolean => Array.isArray(v) || Object.getPrototypeOf(v) === Object.prototype;
