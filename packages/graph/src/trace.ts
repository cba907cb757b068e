import { withGraph } from './context.js';
import { Graph, Placeholder } from './graph.js';
import type { Node } from './node.js';
import { neededNodes } from './needed-nodes.js';
import { makeOp } from './op.js';
import type { Spec } from './spec.js';
import type { SubGraph } from './subgraph.js';
import type { Edge } from './tensor.js';

/** Its input. */
export const Identity = makeOp({ name: 'Identity', infer: ([x]) => [x.spec], fold: ([x]) => x.value, layout: true });

/** A traced function: a closed graph, and what it reads from outside. */
export interface Traced {
  readonly graph: Graph;
  readonly params: readonly Edge[];
  readonly outputs: readonly Edge[];
  /** Edges of enclosing graphs that the body reads, and the parameters they arrive through. */
  readonly captures: ReadonlyMap<Edge, Edge>;
}

/** Runs `f` on parameters of the given types in a new graph inside `parent`, and closes the result. */
export function trace(
  parent: Graph,
  params: readonly { readonly spec: Spec; readonly name: string }[],
  f: (params: readonly Edge[]) => readonly Edge[],
): Traced {
  const graph = new Graph(parent);
  return withGraph(graph, () => {
    const own = params.map((p) => graph.param(p.spec, p.name));
    const outputs = f(own).map((t) => (t.graph === graph ? t : graph.apply(Identity, [t], {}).outputs[0]));
    const captures = new Map([...graph.captured].filter(([, p]) => p.op.op === Placeholder));
    return { graph, params: own, outputs, captures };
  });
}

/** The body of a traced function with the parameters of `captures` (its own, or made now for those it does not read) first. */
export function close({ graph, params, outputs, captures: own }: Traced, captures: readonly Edge[]): SubGraph {
  const consts = captures.map((t) => own.get(t) ?? graph.param(t.spec, 'unused'));
  return { graph, params: [...consts, ...params], outputs };
}

/** Copies what `outputs` need into `into`; `bound` says what replaces edges, and learns the copies. */
export function transplant(outputs: readonly Edge[], bound: Map<Edge, Edge>, into: Graph): readonly Edge[] {
  const copies = new Map<Node, Node>();
  for (const n of neededNodes(outputs, bound)) {
    const control = n.controlInputs.flatMap((c) => copies.get(c) ?? []);
    const inputs = n.inputs.map((t) => boundTo(bound, t));
    const copy = into.withDevice(n.device, () =>
      into.withControl(control, () => into.apply(n.op, inputs, n.attrs, baseName(n))),
    );
    copies.set(n, copy);
    n.outputs.forEach((o, i) => {
      if (!bound.has(o)) bound.set(o, copy.outputs[i]);
    });
  }
  return outputs.map((t) => boundTo(bound, t));
}

function boundTo(bound: ReadonlyMap<Edge, Edge>, t: Edge): Edge {
  const to = bound.get(t);
  if (to === undefined) throw new Error(`transplant: '${t.name}' has no copy.`);
  return to;
}

/** A node's name without scopes and number, to be made unique again. */
export const baseName = (n: Node): string =>
  n.name.slice(n.name.lastIndexOf('/') + 1).replace(/_\d+$/, '') || n.op.name;
