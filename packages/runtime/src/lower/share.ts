import type { Op, TypedArray } from '@tensorloom/graph';
import type { IrFunction, IrNode, IrValue } from './ir.js';

/**
 * Computes equal things once: pure nodes of one op with equal attributes and the same inputs become one. Nodes that draw random
 * numbers, touch state or hold bodies are never shared. Works inside bodies too, each by itself.
 */
export function share(f: IrFunction): IrFunction {
  const ids = new Map<unknown, number>();
  const idOf = (x: unknown): number => {
    const id = ids.get(x) ?? ids.size;
    ids.set(x, id);
    return id;
  };
  const replaced = new Map<IrValue, IrValue>();
  const firsts = new Map<string, IrNode>();
  const nodes: IrNode[] = [];
  for (const n of f.nodes) {
    const inputs = n.inputs.map((v) => replaced.get(v) ?? v);
    if (n.op.effect !== 'pure' || n.bodies.length > 0) {
      nodes.push({ ...n, inputs, bodies: n.bodies.map(share) });
      continue;
    }
    const key = keyOf(n.op, n.attrs, inputs, idOf);
    const first = firsts.get(key);
    if (first !== undefined) {
      n.outputs.forEach((o, i) => replaced.set(o, first.outputs[i]));
      continue;
    }
    const node = { ...n, inputs };
    firsts.set(key, node);
    nodes.push(node);
  }
  return { params: f.params, nodes, results: f.results.map((v) => replaced.get(v) ?? v) };
}

/** Elements beyond this many are compared by identity. */
const COMPARED_ELEMENTS = 64;

function keyOf(op: Op, attrs: unknown, inputs: readonly IrValue[], idOf: (x: unknown) => number): string {
  return `${idOf(op)} ${inputs.map(idOf).join()} ${JSON.stringify(attrs, (_, v: unknown) => comparable(v, idOf))}`;
}

/** A value that reads differently in JSON from every other: NaN, the infinities and -0 too. What is not plain data is told apart by identity. */
function comparable(v: unknown, idOf: (x: unknown) => number): unknown {
  if (typeof v === 'number') return Object.is(v, -0) ? '-0' : `${v}`;
  if (typeof v === 'string') return `'${v}`;
  if (isElements(v) && v.length <= COMPARED_ELEMENTS) return { [v.constructor.name]: Array.from(v) };
  const plain = typeof v !== 'function' && (typeof v !== 'object' || v === null || isData(v));
  return plain ? v : { id: `${idOf(v)}` };
}

const isElements = (v: unknown): v is TypedArray => ArrayBuffer.isView(v) && !(v instanceof DataView);
const isData = (v: object): boolean => Array.isArray(v) || Object.getPrototypeOf(v) === Object.prototype;
