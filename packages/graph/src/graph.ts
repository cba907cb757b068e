import { type TypedArray, isFloating } from './dtype.js';
import { GraphError, explain, messageOf } from './errors.js';
import { here } from './location.js';
import { Names } from './names.js';
import { Node, refuse, showApplication } from './node.js';
import { type KnownValue, MOST_KNOWN_ELEMENTS, type Op, makeOp } from './op.js';
import { toDot } from './pictures/dot.js';
import { toMermaid } from './pictures/mermaid.js';
import type { PictureOptions } from './pictures/picture.js';
import { shortestFloat32 } from './show-array.js';
import type { Spec } from './spec.js';
import type { SubGraph } from './subgraph.js';
import { type Edge, type Tensor, isTensor, makeEdge } from './tensor.js';
import type { Variable } from './variable.js';

/** A value that comes from outside: a placeholder of a graph, a parameter of a sub-graph. */
export const Placeholder = makeOp<{ readonly spec: Spec }>({
  name: 'Placeholder',
  infer: (_, { spec }) => [spec],
  show: () => '',
});

/** Elements known while the graph is built. */
export const Const = makeOp<{ readonly spec: Spec; readonly data: TypedArray }>({
  name: 'Const',
  infer: (_, { spec }) => [spec],
  fold: (_, { data }) => (data.length <= MOST_KNOWN_ELEMENTS ? Array.from(data) : undefined),
  show: ({ data }) =>
    Array.from(data.slice(0, 8), (v) => (data instanceof Float32Array ? shortestFloat32(v) : v)).join(' ') +
    (data.length > 8 ? ' ...' : ''),
});

/** What later nodes get from where they are made, beside the name scope. */
interface Surroundings {
  device: string | undefined;
  control: readonly Node[];
}

/** Where a node is put that another graph has. */
export interface Placement {
  readonly name: string;
  readonly device: string | undefined;
  readonly control: readonly Node[];
}

/**
 * An append-only list of nodes: the program as its author wrote it. A graph computes nothing.
 *
 * A graph with a `parent` is the body of a loop or a branch: tensors of the parent used in it are captured as parameters.
 */
export class Graph {
  readonly nodes: Node[] = [];
  /** Outer edges this graph reads, and the parameters they arrive through. */
  readonly captured = new Map<Edge, Edge>();
  /** Outer nodes that something in this graph runs after: so the op that holds this body does. */
  readonly awaited = new Set<Node>();
  /** The variables made in this graph, in order. */
  readonly variables: Variable[] = [];
  readonly names: Names;
  /** The graph-level seed of random ops: `setRandomSeed`. */
  seed: number | undefined;
  #size = 0;
  readonly #around: Surroundings;

  constructor(readonly parent: Graph | null = null) {
    this.names = parent === null ? new Names() : parent.names;
    this.#around = { device: parent === null ? undefined : parent.#around.device, control: [] };
  }

  /** The outermost graph, which owns variables and seeds. */
  get root(): Graph {
    return this.parent === null ? this : this.parent.root;
  }

  /** Number of nodes made in an outermost graph and all bodies inside it. */
  get size(): number {
    return this.#size;
  }

  /** Where nodes made now are placed; see `withDevice`. */
  get device(): string | undefined {
    return this.#around.device;
  }

  /** The node of that name, not of a body. Throws a `GraphError` when there is none. TensorFlow: `get_operation_by_name`. */
  getOperationByName(name: string): Node {
    const found = this.nodes.find((n) => n.name === name);
    return found ?? refuse('getOperationByName', `the graph has no op '${name}'. Print it with printGraph().`);
  }

  /** The tensor of that name, `MatMul:0`, not of a body. Throws a `GraphError` when there is none. TensorFlow: `get_tensor_by_name`. */
  getTensorByName(name: string): Tensor {
    const found = this.nodes.flatMap((n) => n.outputs.filter((t) => t.name === name)).find(isTensor);
    return (
      found ??
      refuse(
        'getTensorByName',
        `the graph has no tensor '${name}', expected the name of an op, ':' and the output's index.`,
      )
    );
  }

  /**
   * A drawing in Graphviz's language, which `dot -Tsvg` draws: name scopes and bodies of loops and branches as frames, what a trip leaves to
   * the next one in red, dashed arrows for order alone.
   */
  toDot(options: PictureOptions = {}): string {
    return toDot(this, options);
  }

  /** The same drawing as a flow chart of Mermaid, which Markdown viewers draw. */
  toMermaid(options: PictureOptions = {}): string {
    return toMermaid(this, options);
  }

  /** Adds a node; `name` is made unique and put under the current name scope. Throws a `GraphError` when `op` does not take these inputs. */
  apply<A>(op: Op<A>, inputs: readonly Edge[], attrs: A, name: string = op.name): Node<A> {
    const bodies = op.subgraphs?.(attrs) ?? [];
    return this.#add(op, inputs, attrs, name, () => this.#controlOf(bodies), this.#around.device);
  }

  /** Adds a node as another graph has it, whatever is in force here: under its own name, on its device, after the nodes it runs after. */
  place<A>(op: Op<A>, inputs: readonly Edge[], attrs: A, { name, device, control }: Placement): Node<A> {
    return this.#add(op, inputs, attrs, name, () => control, device);
  }

  #add<A>(
    op: Op<A>,
    inputs: readonly Edge[],
    attrs: A,
    name: string,
    control: () => readonly Node[],
    device: string | undefined,
  ): Node<A> {
    const location = here();
    let own: readonly Edge[];
    let specs: readonly Spec[];
    let value: KnownValue | undefined;
    let unique: string;
    try {
      own = inputs.map((t) => this.capture(t, op.name));
      const views = own.map((t) => ({ spec: t.spec, value: isTensor(t) ? t.value : undefined }));
      specs = op.infer(views, attrs);
      value = op.fold?.(views, attrs);
      unique = this.names.unique(name);
    } catch (e) {
      const scoped = this.names.scope === '' ? name : `${this.names.scope}/${name}`;
      throw new GraphError(explain(messageOf(e), showApplication(scoped, op, inputs), location), { cause: e });
    }
    const outputs: Edge[] = [];
    const after = control();
    const node = new Node<A>(this, this.nodes.length, unique, op, own, attrs, after, device, location, outputs);
    specs.forEach((spec, i) => outputs.push(makeEdge(node, i, spec, value)));
    this.nodes.push(node);
    this.root.#size++;
    return node;
  }

  /** Counts nodes that are not here: bodies that were dropped count, too, in what random ops without seeds take for one. */
  count(size: number): void {
    this.#size = Math.max(this.#size, size);
  }

  /** Adds a value that arrives from outside. */
  param(spec: Spec, name: string): Edge {
    return this.apply(Placeholder, [], { spec }, name).outputs[0];
  }

  /**
   * This graph's edge for `t`: itself, or the parameter through which an outer one arrives. Integer constants are copied: nobody
   * differentiates them, and shapes stay known. Throws `TypeError` in the name of `op` when `t` cannot be read here.
   */
  capture(t: Edge, op = 'capture'): Edge {
    if (t.graph === this) return t;
    const known = this.captured.get(t);
    if (known !== undefined) return known;
    if (this.parent === null || !this.#isInside(t.graph)) {
      throw new TypeError(
        t.graph.root === this.root
          ? `${op}: '${t.name}' is inside the body of a loop or a branch, expected a tensor of the graph around. Return it from the body.`
          : `${op}: '${t.name}' belongs to another graph, expected a tensor of the current one. Build both ends of an op inside the same withGraph(), and anew after resetDefaultGraph().`,
      );
    }
    const outer = this.parent.capture(t, op);
    // Not of the place where it is first read: what reads it elsewhere must not wait for what that place waits for.
    const p = this.withControl(null, () =>
      outer.op.op === Const && !isFloating(outer.dtype)
        ? this.apply(outer.op.op, [], outer.op.attrs, 'Const').outputs[0]
        : this.param(outer.spec, 'capture'),
    );
    this.captured.set(t, p);
    return p;
  }

  /** Runs `build` with what is made in this graph placed on `device`. */
  withDevice<T>(device: string | undefined, build: () => T): T {
    return this.#within({ device }, 'device', build);
  }

  /**
   * Runs `build` with what is made in this graph running after `nodes`; `null` drops the dependencies in force. Nodes of the graphs
   * around bind the op that holds this body. Throws a `GraphError` when one is of another graph.
   */
  withControl<T>(nodes: readonly Node[] | null, build: () => T): T {
    const control = nodes === null ? [] : [...this.#around.control, ...nodes.filter((n) => this.#owns(n))];
    return this.#within({ control: [...new Set(control)] }, 'controlDependencies', build);
  }

  #within<T>(change: Partial<Surroundings>, scope: string, build: () => T): T {
    const outer = { ...this.#around };
    Object.assign(this.#around, change);
    try {
      return synchronous(build(), scope);
    } finally {
      Object.assign(this.#around, outer);
    }
  }

  /** Whether this graph is a body in `outer`, at any depth. */
  #isInside(outer: Graph): boolean {
    for (let g = this.parent; g !== null; g = g.parent) if (g === outer) return true;
    return false;
  }

  /** Whether `n` is of this graph; one of the graphs around is noted as awaited. */
  #owns(n: Node): boolean {
    if (n.graph === this) return true;
    if (!this.#isInside(n.graph)) {
      refuse(
        'controlDependencies',
        `'${n.name}' is not of the current graph, nor of one around it. Depend on an op that is, or build both inside the same withGraph().`,
      );
    }
    this.awaited.add(n);
    return false;
  }

  /** What a node with these bodies runs after. */
  #controlOf(bodies: readonly SubGraph[]): readonly Node[] {
    const awaited = bodies.flatMap(({ graph }) => [...graph.awaited]);
    if (awaited.length === 0) return this.#around.control;
    // A copied node holds bodies of the original's graph: what those await came along as the original's control inputs.
    const near = awaited.filter((n) => n.graph === this || this.#isInside(n.graph));
    return [...new Set([...this.#around.control, ...near.filter((n) => this.#owns(n))])];
  }
}

/** Throws `TypeError` when the callback of a scope is async: the scope would have ended before it has. Else returns its result. */
export function synchronous<T>(result: T, scope: string): T {
  if (result instanceof Promise) {
    throw new TypeError(
      `${scope}: the callback returned a promise, expected its result. The scope ends when the callback returns: build the graph synchronously and await outside.`,
    );
  }
  return result;
}
