import {
  Const,
  type Edge,
  Graph,
  GraphError,
  type Node,
  type SubGraph,
  type VariableAttrs,
  explain,
  isFloating,
  neededNodes,
  transplant,
  withGraph,
} from '@tensorloom/graph';
import type { Differentiate } from './rule.js';

/** A body copied to a scratch graph together with its gradient, to be cut into what runs on the way there and on the way back. */
export class JointBody {
  /** The gradients of the body's parameters; `null` where none flows. */
  readonly dParams: readonly (Edge | null)[];
  /** The parameters through which the gradients of the outputs come in; `null` for outputs without one. */
  readonly seeds: readonly (Edge | null)[];
  readonly #params: readonly Edge[];
  readonly #mark: number;
  readonly #copies: ReadonlyMap<Edge, Edge>;
  readonly #original: ReadonlyMap<Edge, Edge>;

  /** `wanted` says which of `outputs` have a gradient. Throws a `GraphError` when the body assigns to a variable. */
  constructor(
    node: Node,
    body: SubGraph,
    outputs: readonly Edge[],
    wanted: readonly boolean[],
    differentiate: Differentiate,
  ) {
    const scratch = new Graph(node.graph);
    refuseWrites(node, outputs);
    const bound = new Map<Edge, Edge>(body.params.map((p) => [p, scratch.param(p.spec, 'param')]));
    this.#params = [...bound.values()];
    const copies = withGraph(scratch, () => transplant(outputs, bound, scratch));
    this.#copies = bound;
    this.#original = new Map([...bound].map(([from, to]) => [to, from]));
    this.#mark = scratch.nodes.length;
    this.seeds = copies.map((o, i) => (wanted[i] && isFloating(o.dtype) ? scratch.param(o.spec, 'dy') : null));
    const live = copies.flatMap((o, i) => (this.seeds[i] === null ? [] : [{ o, seed: this.seeds[i] }]));
    this.dParams = withGraph(scratch, () =>
      differentiate(
        live.map((l) => l.o),
        this.#params,
        live.map((l) => l.seed),
      ),
    );
  }

  /**
   * What the gradients read of the way there, as edges of the body. What only moves elements is not among them but what it was
   * made of: it is cheaper to move again than to keep. Parameters are told apart from what has to be kept.
   */
  reads(): { readonly params: readonly number[]; readonly kept: readonly Edge[] } {
    const params = new Set<number>();
    const kept = new Set<Edge>();
    const seen = new Set<Edge>(this.seeds.filter((s) => s !== null));
    const todo = this.dParams.filter((d) => d !== null);
    for (let t = todo.pop(); t !== undefined; t = todo.pop()) {
      if (seen.has(t)) continue;
      seen.add(t);
      const k = this.#params.indexOf(t);
      if (k >= 0) params.add(k);
      else if (t.op.id >= this.#mark || isCheap(t.op)) todo.push(...t.op.inputs);
      else kept.add(t);
    }
    return { params: [...params].sort((a, b) => a - b), kept: [...kept].map((t) => this.#originalOf(t)) };
  }

  /** The edge of the body that a copy in the scratch graph stands for. */
  #originalOf(copy: Edge): Edge {
    const t = this.#original.get(copy);
    if (t === undefined) throw new Error(`gradients: '${copy.name}' is not of the body.`);
    return t;
  }

  /** The copy in the scratch graph of an edge of the body. */
  copy(original: Edge): Edge {
    const t = this.#copies.get(original);
    if (t === undefined) throw new Error(`gradients: '${original.name}' was not copied.`);
    return t;
  }

  /** Copies the gradient `d` into the graph that is being built; `bound` says what stands there for copies and seeds, and learns what is copied. */
  move(d: Edge, bound: Map<Edge, Edge>, into: Graph): Edge {
    return transplant([d], bound, into)[0];
  }
}

/** Recomputed rather than saved. What awaits other nodes is not: they would run again. */
const isCheap = (n: Node): boolean => (n.op.layout || n.op === (Const as Node['op'])) && n.controlInputs.length === 0;

function refuseWrites(node: Node, outputs: readonly Edge[]): void {
  for (const n of neededNodes(outputs)) {
    if (n.op.effect === 'write') {
      const { variable } = n.attrs as VariableAttrs;
      throw new GraphError(
        explain(
          `gradients: '${node.name}' assigns to variable '${variable.name}' in its body, so it has no gradient. Carry the value as a loop variable, or hold it constant with stopGradient().`,
          n.toString(),
          n.location,
        ),
      );
    }
  }
}
