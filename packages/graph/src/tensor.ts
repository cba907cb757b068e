import { type GraphSession, sessionFor } from './default-session.js';
import type { DType } from './dtype.js';
import type { Feeds } from './fetch.js';
import type { Graph } from './graph.js';
import type { NDArray } from './ndarray.js';
import type { Node } from './node.js';
import { type TensorMethods, tensorMethods } from './ops/methods.js';
import type { KnownValue } from './op.js';
import type { Shape } from './shape.js';
import { type ListSpec, type Spec, type TensorSpec, listSpec, showSpec, tensorSpec } from './spec.js';

type Rest<F> = F extends (first: never, ...rest: infer R) => infer T ? (...rest: R) => T : never;
/** The functions of the public face that take a tensor first, as methods. */
export type AsMethods<F> = { [K in keyof F]: Rest<F[K]> };

/** Adds the ops' methods to a class whose instances can be an op's first operand. */
export function addMethods(prototype: object): void {
  for (const [name, f] of Object.entries(tensorMethods()) as [string, (...args: unknown[]) => unknown][]) {
    Object.defineProperty(prototype, name, {
      value(this: unknown, ...rest: unknown[]) {
        return f(this, ...rest);
      },
      writable: true,
      configurable: true,
    });
  }
}

/** A value of the graph: one output of a node. It has no elements; running it in a session gives them. */
export class Tensor {
  readonly kind = 'tensor';
  constructor(
    readonly op: Node,
    readonly index: number,
    readonly dtype: DType,
    readonly shape: Shape,
    /** The elements, as far as they follow from constants and static shapes. */
    readonly value: KnownValue | undefined,
  ) {
    prepare();
  }
  get graph(): Graph {
    return this.op.graph;
  }
  /** TensorFlow's name: `MatMul:0`. */
  get name(): string {
    return `${this.op.name}:${this.index}`;
  }
  get spec(): TensorSpec {
    return tensorSpec(this.dtype, this.shape);
  }
  /**
   * The elements, computed by `session` (default: the default session of the graph) given `feeds`. Rejects with a `GraphError` when
   * there is no session, and as its `run` does. TensorFlow: `Tensor.eval`.
   */
  async eval(feeds: Feeds = [], session?: GraphSession): Promise<NDArray> {
    return sessionFor('eval', this.name, this.op, session).run<Tensor>(this, feeds);
  }
  toString(): string {
    return `Tensor(${this.name} ${showSpec(this.spec)})`;
  }
}
/** The ops as methods: `a.matmul(b)` is `matmul(a, b)`. */
export interface Tensor extends AsMethods<TensorMethods> {}

let prepared = false;
/** Ops make tensors and tensors have ops as methods: the methods are added when the first tensor is made, so import order does not matter. */
function prepare(): void {
  if (prepared) return;
  prepared = true;
  addMethods(Tensor.prototype);
}

/** A list of tensors in the graph, immutable: what a loop stacks, what it saves for its gradient. */
export class List {
  readonly kind = 'list';
  constructor(
    readonly op: Node,
    readonly index: number,
    readonly dtype: DType,
    readonly elementShape: Shape,
    readonly depth: number,
  ) {}
  get graph(): Graph {
    return this.op.graph;
  }
  get name(): string {
    return `${this.op.name}:${this.index}`;
  }
  get spec(): ListSpec {
    return listSpec(this.dtype, this.elementShape, this.depth);
  }
}

/** What connects nodes. */
export type Edge = Tensor | List;

/** Whether `x` is a tensor of a graph. */
export const isTensor = (x: unknown): x is Tensor => x instanceof Tensor;

/** The tensors among `edges`, which must be all of them. */
export function asTensors(edges: readonly Edge[]): readonly Tensor[] {
  return edges.map((t) => {
    if (t.kind === 'list') throw new TypeError(`${t.name} is a list, expected a tensor.`);
    return t;
  });
}

/** The edge of a node's output `index`. */
export const makeEdge = (node: Node, index: number, spec: Spec, value?: KnownValue): Edge =>
  spec.kind === 'tensor'
    ? new Tensor(node, index, spec.dtype, spec.shape, value)
    : new List(node, index, spec.dtype, spec.elementShape, spec.depth);
