import {
  type Edge,
  type Graph,
  GraphError,
  type Node,
  type Op,
  Tensor,
  type TensorLike,
  Variable,
  add,
  asTensors,
  compatible,
  defaultGraph,
  explain,
  flatten,
  isFloating,
  isTensor,
  listAdd,
  madeAt,
  nameScope,
  neededNodes,
  onesLike,
  showSpec,
  toTensor,
  withGraph,
  zerosLike,
} from '@tensorloom/graph';
import { dependents } from './dependents.js';
import { throughEnclosing } from './enclosing.js';
import { foreignRule } from './foreign.js';
import type { Differentiate, Rule } from './rule.js';

export { dependents };

/** Rules by op; `null` for an op without a gradient, on purpose. */
export type RuleTable = ReadonlyMap<Op, Rule | null>;

/** Joins the rules of families into a table. Throws when an op has two. */
export function ruleTable(...families: readonly (readonly (readonly [Op, Rule | null])[])[]): RuleTable {
  const table = new Map<Op, Rule | null>();
  for (const [op, rule] of families.flat()) {
    if (table.has(op)) throw new Error(`gradients: '${op.name}' has two rules.`);
    table.set(op, rule);
  }
  return table;
}

const isDifferentiable = (t: Edge): boolean => isFloating(t.dtype);
const sum = (a: Edge, b: Edge): Edge => (a.kind === 'list' ? listAdd(a, b as typeof a) : add(a, b as Tensor));

/** Builds what belongs to a node where that node is placed: there is what it reads. */
function onDeviceOf<T>({ device }: Node, build: () => T): T {
  const graph = defaultGraph();
  return device === undefined || device === graph.device ? build() : graph.withDevice(device, build);
}

/** The sweep: walks the graph backwards from `ys`, applying each node's rule to what has come in. */
export function createDifferentiate(table: RuleTable): Differentiate {
  const differentiate: Differentiate = (ys, xs, seeds, stops = new Set()) => {
    const incoming = new Map<Edge, Edge>();
    const accumulate = (t: Edge, d: Edge | null): void => {
      if (d === null || !isDifferentiable(t)) return;
      const before = incoming.get(t);
      incoming.set(t, before === undefined ? d : onDeviceOf(t.op, () => sum(before, d)));
    };
    ys.forEach((y, i) => accumulate(y, seeds[i]));
    const reached = dependents(neededNodes(ys), xs, stops);
    for (let k = reached.length - 1; k >= 0; k--) {
      const node = reached[k];
      const dys = node.outputs.map((o) => (stops.has(o) ? null : (incoming.get(o) ?? null)));
      if (dys.every((d) => d === null)) continue;
      const rule = table.has(node.op) ? table.get(node.op) : foreignRule(node.op);
      if (rule === undefined) {
        throw new GraphError(
          explain(
            `gradients: '${node.op.name}' has no gradient rule. Add one with the op's definition, or wrap its result in stopGradient().`,
            node.toString(),
            node.location,
          ),
        );
      }
      const dxs = onDeviceOf(node, () => madeAt(node.location, () => rule?.(node, dys, differentiate) ?? []));
      dxs.forEach((d, i) => accumulate(node.inputs[i], d));
    }
    return xs.map((x) => incoming.get(x) ?? null);
  };
  return differentiate;
}

/** Options of `gradients`. */
export interface GradientsOptions {
  /** Weights of the ys, of their shapes; default: ones. */
  readonly gradYs?: TensorLike | readonly (TensorLike | null)[];
  /** Tensors held constant. */
  readonly stopGradients?: readonly (Tensor | Variable)[];
  /** What stands where an x does not influence the ys: `null` (default) or zeros. */
  readonly unconnectedGradients?: 'none' | 'zero';
  readonly name?: string;
}

/** Tensors or variables, one or several. */
export type Differentiable = Tensor | Variable;

/** The public face of a sweep: see `gradients`. */
export function createGradients(differentiate: Differentiate) {
  return (
    ys: Tensor | readonly Tensor[],
    xs: Differentiable | readonly Differentiable[],
    { gradYs, stopGradients = [], unconnectedGradients = 'none', name = 'gradients' }: GradientsOptions = {},
  ): (Tensor | null)[] => {
    const from = flatten(ys, isTensor, 'gradients: ys');
    if (from.length === 0) throw new TypeError('gradients: expected at least one y.');
    const to = flatten(xs, isSource, 'gradients: xs').map((x) => (x instanceof Variable ? x.value() : x));
    for (const y of from) {
      if (!isDifferentiable(y))
        throw new GraphError(
          explain(
            `gradients: y '${y.name}' is ${y.dtype}, expected float32 or float64. Cast it before, or leave it out.`,
            y.op.toString(),
            y.op.location,
          ),
        );
    }
    const weights: readonly (TensorLike | null)[] =
      gradYs === undefined
        ? []
        : Array.isArray(gradYs)
          ? (gradYs as readonly (TensorLike | null)[])
          : [gradYs as TensorLike];
    if (weights.length > 0 && weights.length !== from.length)
      throw new TypeError(`gradients: expected ${from.length} gradYs, one per y, got ${weights.length}.`);
    const graph = innermost([...from, ...weights.filter(isTensor)]);
    return withGraph(graph, () =>
      nameScope(name, () => {
        const seeds = from.map((y, i) => {
          const w = weights[i] ?? null;
          return w === null ? onDeviceOf(y.op, () => onesLike(y)) : weightOf(y, w);
        });
        const stops = stopGradients.map((t) => (t instanceof Variable ? t.value() : t));
        const found = throughEnclosing(differentiate, graph)(from, to, seeds, new Set(stops));
        return found.map((d, i) => {
          if (d !== null) return asTensors([d])[0];
          return unconnectedGradients === 'zero' ? zerosLike(to[i]) : null;
        });
      }),
    );
  };
}

/** The weight of a y; throws a `GraphError` when it has another dtype or shape. */
function weightOf(y: Tensor, given: TensorLike): Tensor {
  const w = toTensor(given, y.dtype, 'gradients: gradYs');
  if (w.dtype === y.dtype && compatible(w.shape, y.shape)) return w;
  throw new GraphError(
    explain(
      `gradients: expected a weight ${showSpec(y.spec)} for y '${y.name}', got ${showSpec(w.spec)}. Give gradYs of the shapes and dtypes of the ys.`,
      y.op.toString(),
      y.op.location,
    ),
  );
}

const isSource = (x: unknown): x is Differentiable => isTensor(x) || x instanceof Variable;

/** The graph of these tensors from which all of them can be read. */
const innermost = (ts: readonly Tensor[]): Graph =>
  ts.map((t) => t.graph).reduce((a, b) => (depth(b) > depth(a) ? b : a));
const depth = ({ parent }: Graph): number => (parent === null ? 0 : 1 + depth(parent));
