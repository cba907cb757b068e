import { type Edge, type Node, type Op, type Spec } from '@tensorloom/graph';

/** A value of the intermediate representation: what a node computes, or a parameter. */
export class IrValue {
  constructor(
    readonly spec: Spec,
    /** The edge of the graph it stands for, for names and messages. */
    readonly origin: Edge,
  ) {}
}

/** One operation. Unlike a graph's nodes these belong to one lowering, and rewrites replace them freely. */
export interface IrNode {
  readonly op: Op;
  readonly attrs: unknown;
  readonly inputs: readonly IrValue[];
  readonly outputs: readonly IrValue[];
  /** Nodes that must have run before. */
  readonly after: readonly IrNode[];
  /** Bodies of loops and branches. */
  readonly bodies: readonly IrFunction[];
  /** The node of the graph it came from, for messages. */
  readonly origin: Node;
}

/** A function from params to results: a lowered graph, or the body of a loop or branch. `nodes` are in an order that can run. */
export interface IrFunction {
  readonly params: readonly IrValue[];
  readonly nodes: readonly IrNode[];
  readonly results: readonly IrValue[];
}

/** The function with every use of a value replaced by what `replaced` says, in bodies' results too. */
export function replaceUses(f: IrFunction, replaced: ReadonlyMap<IrValue, IrValue>): IrFunction {
  if (replaced.size === 0) return f;
  const to = (v: IrValue): IrValue => {
    let w = v;
    for (let next = replaced.get(w); next !== undefined; next = replaced.get(w)) w = next;
    return w;
  };
  return { params: f.params, nodes: f.nodes.map((n) => ({ ...n, inputs: n.inputs.map(to) })), results: f.results.map(to) };
}

