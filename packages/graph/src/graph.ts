import { type TypedArray, isFloating } from './dtype.js';
import { GraphError, explain, messageOf } from './errors.js';
import { type Location, here } from './location.js';
import { Names } from './names.js';
import { Node, showApplication } from './node.js';
import { type KnownValue, type Op, makeOp } from './op.js';
import type { Spec } from './spec.js';
import { type Edge, type Tensor, isTensor, makeEdge } from './tensor.js';
import type { Variable } from './variable.js';

/** A value that comes from outside: a placeholder of a graph, a parameter of a sub-graph. */
export const Placeholder = makeOp<{ readonly spec: Spec }>({ name: 'Placeholder', infer: (_, { spec }) => [spec], show: () => '' });

/** Elements known while the graph is built. */
export const Const = makeOp<{ readonly spec: Spec; readonly data: TypedArray }>({
  name: 'Const',
  infer: (_, { spec }) => [spec],
  fold: (_, { data }) => (data.length <= FOLDED_ELEMENTS ? Array.from(data) : undefined),
  show: ({ data }) => Array.from(data.slice(0, 8), (v) => (data instanceof Float32Array ? shortest(v) : v)).join(' ') + (data.length > 8 ? ' ...' : ''),
});

/** The shortest decimal that reads back as the same float32. */
function shortest(v: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(v.toPrecision(digits));
    if (Math.fround(short) === v) return short;
  }
  return v;
}

/** Shapes, axes and small indices are followed statically; anything larger is data. */
const FOLDED_ELEMENTS = 64;

/** What later nodes get from where they are made: name scope, device, control inputs. */
interface Surroundings {
  device: string | undefined;
  control: readonly Node[];
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
  /** The variables made in this graph, in order. */
  readonly variables: Variable[] = [];
  readonly names: Names;
  /** The graph-level seed of random ops: `setRandomSeed`. */
  seed: number | undefined;
  readonly #around: Surroundings = { device: undefined, control: [] };

  constructor(readonly parent: Graph | null = null) {
    this.names = parent === null ? new Names() : parent.names;
  }

  /** The outermost graph, which owns variables and seeds. */
  get root(): Graph {
    return this.parent === null ? this : this.parent.root;
  }

  /** Adds a node; `name` is made unique and put under the current name scope. Throws a `GraphError` when `op` does not take these inputs. */
  apply<A>(op: Op<A>, inputs: readonly Edge[], attrs: A, name: string = op.name): Node<A> {
    const location = here();
    const own = inputs.map((t) => this.capture(t));
    const views = own.map((t) => ({ spec: t.spec, value: isTensor(t) ? t.value : undefined }));
    let specs: readonly Spec[];
    let value: KnownValue | undefined;
    try {
      specs = op.infer(views, attrs);
      value = op.fold?.(views, attrs);
    } catch (e) {
      const scoped = this.names.scope === '' ? name : `${this.names.scope}/${name}`;
      throw new GraphError(explain(messageOf(e), showApplication(scoped, op, own), location), { cause: e });
    }
    const outputs: Edge[] = [];
    const { device, control } = this.#around;
    const node = new Node<A>(this, this.nodes.length, this.names.unique(name), op, own, attrs, control, device, location, outputs);
    specs.forEach((spec, i) => outputs.push(makeEdge(node, i, spec, value)));
    this.nodes.push(node);
    return node;
  }

  /** Adds a value that arrives from outside. */
  param(spec: Spec, name: string): Edge {
    return this.apply(Placeholder, [], { spec }, name).outputs[0];
  }

  /** This graph's edge for `t`: itself, or the parameter through which an outer one arrives. Integer constants are copied: nobody differentiates them, and shapes stay known. */
  capture(t: Edge): Edge {
    if (t.graph === this) return t;
    const known = this.captured.get(t);
    if (known !== undefined) return known;
    if (this.parent === null || t.graph.root !== this.root) {
      throw new GraphError(
        explain(`'${t.name}' belongs to another graph. Build both ends of an op inside the same withGraph().`, t.op.toString(), t.op.location),
      );
    }
    const outer = this.parent.capture(t);
    const p = outer.op.op === Const && !isFloating(outer.dtype) ? this.apply(outer.op.op, [], outer.op.attrs, 'Const').outputs[0] : this.param(outer.spec, 'capture');
    this.captured.set(t, p);
    return p;
  }

  /** Runs `build` with what is made in this graph placed on `device`. */
  withDevice<T>(device: string | undefined, build: () => T): T {
    return this.#within({ device }, build);
  }

  /** Runs `build` with what is made in this graph running after `nodes`; `null` drops the dependencies in force. */
  withControl<T>(nodes: readonly Node[] | null, build: () => T): T {
    return this.#within({ control: nodes === null ? [] : [...new Set([...this.#around.control, ...nodes])] }, build);
  }

  #within<T>(change: Partial<Surroundings>, build: () => T): T {
    const outer = { ...this.#around };
    Object.assign(this.#around, change);
    try {
      return synchronous(build());
    } finally {
      Object.assign(this.#around, outer);
    }
  }
}

/** Scope callbacks must not be async: their scope would have ended before they have. */
export function synchronous<T>(result: T): T {
  if (result instanceof Promise) {
    throw new TypeError('A scope callback returned a promise. Scopes end when their function returns: build the graph synchronously and await outside.');
  }
  return result;
}

export type { Location, Tensor };
