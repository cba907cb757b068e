import {
  type Edge,
  GraphError,
  Identity,
  type Node,
  type Op,
  Placeholder,
  type SubGraph,
  type Variable,
  control,
  explain,
  isTensor,
  neededNodes,
  state,
} from '@tensorloom/graph';
import { type IrFunction, type IrNode, IrValue } from './ir.js';
import { type Merged, copiesOf, merge } from './merge.js';
import { isRead, readOrder } from './read-order.js';

/** Ops that pass their inputs on unchanged: output i is input i. */
const passing: ReadonlySet<Op<never>> = new Set<Op<never>>([
  Identity,
  control.assumeShape,
  control.placeholderWithDefault,
  control.stopGradient,
  control.customGradient,
]);

/**
 * Copies the part of a graph that `outputs` and `targets` need, given `params`, into the intermediate representation: what is not
 * needed is left out, copies of one loop are merged, ops that only pass values on disappear. Variables are read first, so that
 * reads see the values that a run begins with, except those that come after an assignment; a loop that assigns to a variable reads
 * it first in every trip.
 */
export const copyNeeded = (
  params: readonly Edge[],
  outputs: readonly Edge[],
  targets: readonly Node[] = [],
): IrFunction => copy({ params, outputs }, targets, new Set(), new Map()).f;

type Body = Pick<SubGraph, 'params' | 'outputs'>;

interface Copied {
  readonly f: IrFunction;
  /** What stands in `f` for variables that are read outside: to become parameters. */
  readonly outer: ReadonlyMap<Variable, IrValue>;
}

/**
 * Copies a graph or a body. Variables in `outside` are not read in it but around it; parameters in `anew`, which stand for values of
 * variables, are read in it.
 */
function copy(
  { params, outputs }: Body,
  targets: readonly Node[],
  outside: ReadonlySet<Variable>,
  anew: ReadonlyMap<Edge, Variable>,
): Copied {
  const given = new Set(params);
  const nodes = neededNodes(outputs, given, targets);
  const used = new Set<Edge>([...outputs, ...nodes.flatMap((n) => n.inputs)]);
  const copies = copiesOf(nodes);
  const awaited = awaitedAmong(nodes, targets);
  const order = readOrder(nodes, given);

  const values = new Map<Edge, IrValue>(params.map((p) => [p, new IrValue(p.spec, p)]));
  const outer = new Map<Variable, IrValue>();
  const reads = new Map<Variable, IrNode>();
  const code: IrNode[] = [];
  const valueOf = (t: Edge): IrValue => {
    const v = values.get(t);
    if (v === undefined) throw new Error(`lower: '${t.name}' was not copied.`);
    return v;
  };
  const define = (t: Edge, v: IrValue): void => {
    // What is given stands, even where another output of the same node is computed.
    if (!given.has(t)) values.set(t, v);
  };
  const valueAtStart = (variable: Variable, read: Edge): IrValue => {
    const known = outer.get(variable) ?? reads.get(variable)?.outputs[0];
    if (known !== undefined) return known;
    const value = new IrValue(read.spec, read);
    const node = { op: state.read, attrs: { variable }, inputs: [], outputs: [value], bodies: [], origin: read.op };
    if (outside.has(variable)) outer.set(variable, value);
    else reads.set(variable, node);
    return value;
  };

  const args = params.map(valueOf);
  for (const [p, variable] of anew) values.set(p, valueAtStart(variable, variable.value()));
  /** The variable whose value an edge is, unless that was read at a point of its own. */
  const variableOf = (t: Edge): Variable | undefined =>
    anew.get(t) ?? (isRead(t.op) && t.op.attrs.variable.value() === t ? t.op.attrs.variable : undefined);

  const awaits = (ns: readonly Node[]): { readonly awaited?: true } =>
    ns.some((n) => awaited.has(n)) ? { awaited: true } : {};

  for (const n of nodes) {
    const group = copies.get(n) ?? [n];
    if (group[0] !== n) continue;
    if (n.op === Placeholder) {
      // One that is fed and only awaited is there already.
      if (given.has(n.outputs[0])) continue;
      unfed(n);
    }
    if (passing.has(n.op)) n.outputs.forEach((o, i) => define(o, valueOf(n.inputs[i])));
    else if (isRead(n) && order.atStart(n)) define(n.outputs[0], valueAtStart(n.attrs.variable, n.outputs[0]));
    else {
      const inputs = n.inputs.map(valueOf);
      const merged = merge(group, used);
      if (merged === null) {
        const own = n.outputs.map((o) => new IrValue(o.spec, o));
        code.push({ op: n.op, attrs: n.attrs, inputs, outputs: own, bodies: [], origin: n, ...awaits([n]) });
        n.outputs.forEach((o, i) => define(o, own[i]));
      } else {
        const changing = order.changing(n);
        const rereads = n.inputs.map((t) => {
          const variable = variableOf(t);
          return variable !== undefined && changing.has(variable) ? variable : null;
        });
        const from = new Set([...outside, ...order.readFromStart(n)]);
        const node = copyControl(n, merged, inputs, rereads, from, valueAtStart);
        code.push({ ...node, ...awaits(group) });
        for (const [o, i] of merged.index) define(o, node.outputs[i]);
      }
    }
  }
  const f = { params: args, nodes: [...reads.values(), ...code], results: outputs.map(valueOf) };
  return { f, outer };
}

/** The nodes that are to run although nothing may read them; behind one that only passes a value on, the one that computes it. */
function awaitedAmong(nodes: readonly Node[], targets: readonly Node[]): ReadonlySet<Node> {
  const awaited = new Set<Node>([...targets, ...nodes.flatMap((n) => n.controlInputs)]);
  for (const n of awaited) if (passing.has(n.op)) n.inputs.forEach((t) => awaited.add(t.op));
  return awaited;
}

/**
 * Copies a loop or branch. What its bodies read of the variables in `outside` comes in as further constants; an input with a variable
 * in `rereads` is that variable's value, which the bodies read anew.
 */
function copyControl(
  origin: Node,
  { attrs, bodies, index }: Merged,
  inputs: readonly IrValue[],
  rereads: readonly (Variable | null)[],
  outside: ReadonlySet<Variable>,
  valueAtStart: (variable: Variable, read: Edge) => IrValue,
): IrNode {
  const isLoop = 'consts' in attrs;
  // Carries start from what they are given; only constants of a loop stand for the same thing throughout.
  const anewIn = ({ params }: Body): ReadonlyMap<Edge, Variable> =>
    new Map(
      params.slice(0, isLoop ? attrs.consts : 0).flatMap((p, i) => (rereads[i] ? [[p, rereads[i]] as const] : [])),
    );
  const copied = bodies.map((b) => copy(b, [], outside, anewIn(b)));
  const outer = new Map(copied.flatMap((c) => [...c.outer]));
  const insert = <T>(list: readonly T[], at: number, added: readonly T[]): readonly T[] => [
    ...list.slice(0, at),
    ...added,
    ...list.slice(at),
  ];
  const outputs: IrValue[] = [];
  for (const [edge, i] of index) outputs[i] ??= new IrValue(edge.spec, edge);
  return {
    op: origin.op,
    attrs: isLoop ? { ...attrs, consts: attrs.consts + outer.size } : attrs,
    inputs: insert(
      inputs,
      isLoop ? attrs.consts : inputs.length,
      [...outer].map(([variable, { origin: read }]) => valueAtStart(variable, read)),
    ),
    outputs,
    bodies: copied.map(({ f, outer: own }) => ({
      ...f,
      params: insert(
        f.params,
        isLoop ? attrs.consts : f.params.length,
        [...outer].map(([variable, { spec, origin: read }]) => own.get(variable) ?? new IrValue(spec, read)),
      ),
    })),
    origin,
  };
}

/** Raised when something that a run needs was not fed. */
function unfed(node: Node): never {
  const [out] = node.outputs;
  throw new GraphError(
    explain(
      `run: placeholder '${out.name}' is needed by what is fetched, and was not fed. Add [${node.name}, value] to the feeds: ${isTensor(out) ? out.toString() : out.name}.`,
      node.toString(),
      node.location,
    ),
  );
}
