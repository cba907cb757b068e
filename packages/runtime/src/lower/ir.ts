import type { Edge, Node, Op, Spec } from '@tensorloom/graph';

/** A value of the intermediate representation: what a node computes, or a parameter. */
export class IrValue {
  constructor(
    readonly spec: Spec,
    /** The edge of the graph it stands for, for names and messages. */
    readonly origin: Edge,
  ) {}
}

/** One operation. Unlike a graph's nodes these belong to one lowering, and rewrites replace them freely. */
export interface IrNode<A = unknown> {
  readonly op: Op<A>;
  readonly attrs: A;
  readonly inputs: readonly IrValue[];
  readonly outputs: readonly IrValue[];
  /** Bodies of loops and branches. */
  readonly bodies: readonly IrFunction[];
  /** The node of the graph it came from, for messages. */
  readonly origin: Node;
  /** Whether a control dependency or the run itself asks for it, though nothing may read what it computes. */
  readonly awaited?: boolean;
}

/** Whether a node applies one of `ops`. */
export const applies = <A>(n: IrNode, ...ops: readonly Op<A>[]): n is IrNode<A> => ops.some((op) => op === n.op);

/**
 * A function from params to results: a lowered graph, or the body of a loop or branch. `nodes` are in an order that can run, and
 * that keeps every dependency of the graph, control dependencies among them: a rewrite may move pure nodes only.
 */
export interface IrFunction {
  readonly params: readonly IrValue[];
  readonly nodes: readonly IrNode[];
  readonly results: readonly IrValue[];
}
