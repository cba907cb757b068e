import {
  type CondAttrs,
  Const,
  type Edge,
  Graph,
  GraphError,
  type LoopAttrs,
  type Node,
  type Op,
  type SubGraph,
  type VariableAttrs,
  asTensors,
  baseName,
  control,
  dimOf,
  elementwise,
  explain,
  isFloating,
  list,
  neededNodes,
  shape,
  stack,
  transplant,
  withGraph,
} from '@tensorloom/graph';
import { draws } from './drawn.js';
import type { Differentiate } from './rule.js';

/** A body copied to a scratch graph together with its gradient, to be cut into what runs on the way there and on the way back. */
export class JointBody {
  /** The gradients of the body's parameters; `null` where none flows. */
  readonly dParams: readonly (Edge | null)[];
  /** The parameters through which the gradients of the outputs come in; `null` for outputs without one. */
  readonly seeds: readonly (Edge | null)[];
  readonly #body: SubGraph;
  readonly #params: readonly Edge[];
  readonly #mark: number;
  readonly #copies: Map<Edge, Edge>;
  readonly #original: Map<Edge, Edge>;
  /** What stands on the way back for shapes of which some lengths were kept. */
  readonly #shapes = new Map<Edge, Edge>();
  readonly #asked: Edge[] = [];

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
    this.#body = body;
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
   * What the gradients read of the way there, as edges of the body; `again` says which parameters the way back can read itself.
   * Not among them is what comes cheaper from what else is there: elements moved again, segments between checkpoints run again,
   * masks of steps. Of what is read only for its shape, the shape is kept. Parameters are told apart from what has to be kept.
   */
  reads(again: (param: number) => boolean): { readonly params: readonly number[]; readonly kept: readonly Edge[] } {
    const params = new Set<number>();
    const kept = new Set<Edge>();
    const seen = new Set<Edge>(this.seeds.filter((s) => s !== null));
    const asked: Edge[] = [];
    const follow = (from: readonly Edge[]): void => {
      const todo = [...from];
      for (let t = todo.pop(); t !== undefined; t = todo.pop()) {
        if (seen.has(t)) continue;
        if (this.#isShapeOfBody(t)) {
          asked.push(t);
          continue;
        }
        seen.add(t);
        const k = this.#params.indexOf(t);
        if (k >= 0) params.add(k);
        else if (this.#isWidened(t.op)) kept.add(t);
        else if (t.op.id >= this.#mark || isCheap(t) || this.#isMask(t, again)) todo.push(...t.op.inputs);
        else kept.add(t);
      }
    };
    follow(this.dParams.filter((d) => d !== null));
    for (const t of asked) {
      if (seen.has(t)) continue;
      const [x] = t.op.inputs;
      const k = this.#params.indexOf(x);
      if (seen.has(x) || (k >= 0 && again(k))) follow([x]);
      else this.#lengthsOf(t).forEach((d) => kept.add(d));
      seen.add(t);
    }
    return { params: [...params].sort((a, b) => a - b), kept: [...kept].map((t) => this.#originalOf(t)) };
  }

  /** Whether only the shape or length of something of the body is read through `t`. */
  #isShapeOfBody({ op }: Edge): boolean {
    return op.id >= this.#mark && shapes.has(op.op) && this.#original.has(op.inputs[0]);
  }

  /** The lengths that a run has to keep in order to know the shape or length `t`, which is put together from them and those known now. */
  #lengthsOf(t: Edge): readonly Edge[] {
    const [x] = t.op.inputs;
    if (t.op.op !== shape.shape || x.kind === 'list' || x.shape === undefined) return [this.#first(t)];
    const dims = withGraph(t.graph, () => x.shape?.map((_, axis) => this.#first(dimOf(x, axis))) ?? []);
    this.#shapes.set(
      t,
      withGraph(t.graph, () => stack(asTensors(dims))),
    );
    return dims.filter((d) => d.op.op === shape.dim);
  }

  /** The first of the edges that ask for the same shape or length as `t`; what asks again becomes it. */
  #first(t: Edge): Edge {
    if (!shapes.has(t.op.op)) return t;
    const first = this.#asked.find((a) => isSame(a.op, t.op, t.op.inputs));
    if (first === undefined) this.#asked.push(t);
    else if (first !== t) this.#shapes.set(t, first);
    return first ?? t;
  }

  /** Whether a node of the gradient is a loop or branch of the body again, saving more. */
  #isWidened(n: Node): boolean {
    return n.id >= this.#mark && widens(n) && n.inputs.every((t) => this.#original.has(t));
  }

  /** Whether `t` is an integer or a mask that follows from what is read again: cheaper to compute again than to keep. */
  #isMask(t: Edge, again: (param: number) => boolean): boolean {
    if (isFloating(t.dtype) || !isQuick(t.op)) return false;
    return t.op.inputs.every((x) => {
      const k = this.#params.indexOf(x);
      return k >= 0 ? again(k) : x.op.op === (Const as Node['op']) || this.#isMask(x, again);
    });
  }

  /** The edge of the body that a copy in the scratch graph stands for. What the gradient adds to the body is added to its graph. */
  #originalOf(copy: Edge): Edge {
    const known = this.#original.get(copy);
    if (known !== undefined) return known;
    const { op: n } = copy;
    const { graph } = this.#body;
    const inputs = n.inputs.map((t) => this.#originalOf(t));
    // Gradients taken one after the other ask for the same shapes.
    const asked = (m: Node): boolean => !this.#copies.has(m.outputs[0]) && isSame(m, n, inputs);
    const added =
      (shapes.has(n.op) ? graph.nodes.find((m) => shapes.has(m.op) && asked(m)) : undefined) ??
      withGraph(graph, () => graph.withControl(null, () => graph.apply(n.op, inputs, n.attrs, baseName(n))));
    n.outputs.forEach((t, i) => {
      this.#original.set(t, added.outputs[i]);
      this.#copies.set(added.outputs[i], t);
    });
    return added.outputs[copy.index];
  }

  /** The copy in the scratch graph of an edge of the body. */
  copy(original: Edge): Edge {
    const t = this.#copies.get(original);
    if (t === undefined) throw new Error(`gradients: '${original.name}' was not copied.`);
    return t;
  }

  /** Copies the gradient `d` into the graph that is being built; `bound` says what stands there for copies and seeds, and learns what is copied. */
  move(d: Edge, bound: Map<Edge, Edge>, into: Graph): Edge {
    for (const [from, to] of this.#shapes) if (!bound.has(from)) bound.set(from, transplant([to], bound, into)[0]);
    return transplant([d], bound, into)[0];
  }
}

/** Ops that ask for a shape or a length: what they read need not be there on the way back. */
const shapes: ReadonlySet<Op<never>> = new Set<Op<never>>([shape.shape, shape.dim, list.length, list.lengths]);
const quick: ReadonlySet<Op<never>> = new Set<Op<never>>(Object.values(elementwise));

const isSame = (a: Node, b: Node, inputs: readonly Edge[]): boolean =>
  a.op === b.op && a.inputs.every((t, i) => t === inputs[i]) && JSON.stringify(a.attrs) === JSON.stringify(b.attrs);

const isLoop = (n: Node): n is Node<LoopAttrs> => n.op === control.loop;
const isCond = (n: Node): n is Node<CondAttrs> => n.op === control.cond;
const widens = (n: Node): boolean => (isLoop(n) || isCond(n)) && n.attrs.widens !== null;

// What awaits other nodes is never computed again: they would run again.
const isQuick = (n: Node): boolean => (n.op.layout || quick.has(n.op)) && n.controlInputs.length === 0;

/** Recomputed rather than saved. */
const isCheap = ({ op: n, kind }: Edge): boolean =>
  n.controlInputs.length === 0 &&
  (n.op.layout ||
    n.op === (Const as Node['op']) ||
    (kind === 'list' && isLoop(n) && n.attrs.recomputed === true && !draws(n)));

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
