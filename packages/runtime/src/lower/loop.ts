import { type LoopAttrs, control } from '@tensorloom/graph';
import { type IrFunction, type IrNode, type IrValue, applies } from './ir.js';

/** A value from outside that the body of a loop reads, the same at every trip. */
export interface LoopConst {
  readonly outer: IrValue;
  readonly inner: IrValue;
  /** How the condition knows it. */
  readonly inCond: IrValue | undefined;
}

/** A value that goes from trip to trip. */
export interface LoopCarry {
  readonly init: IrValue;
  readonly inner: IrValue;
  readonly inCond: IrValue | undefined;
  readonly next: IrValue;
  /** What the loop ends with. */
  readonly out: IrValue;
  readonly name: string;
}

/** A sequence that is read one row at a time. */
export interface LoopSequence {
  readonly outer: IrValue;
  readonly inner: IrValue;
}

/** What is collected, an element per trip: the value in the body, and the list outside. */
export interface LoopResult {
  readonly inner: IrValue;
  readonly out: IrValue;
}

/** A loop with its inputs, parameters and results matched up, for passes to rewrite. */
export interface Loop {
  readonly consts: readonly LoopConst[];
  readonly carry: readonly LoopCarry[];
  readonly xs: readonly LoopSequence[];
  readonly ys: readonly LoopResult[];
  readonly length: IrValue | undefined;
  readonly trips: IrValue;
  readonly nodes: readonly IrNode[];
  readonly cond: { readonly nodes: readonly IrNode[]; readonly result: IrValue } | undefined;
  readonly reverse: boolean;
  readonly node: IrNode<LoopAttrs>;
}

/** Takes a loop node apart. */
export function readLoop(node: IrNode<LoopAttrs>): Loop {
  const { consts, carry, counted, names, reverse } = node.attrs;
  const [body, cond] = node.bodies;
  const end = node.inputs.length - (counted ? 1 : 0);
  return {
    consts: node.inputs.slice(0, consts).map((outer, i) => ({ outer, inner: body.params[i], inCond: cond?.params[i] })),
    carry: node.inputs.slice(consts, consts + carry).map((init, i) => ({
      init,
      inner: body.params[consts + i],
      inCond: cond?.params[consts + i],
      next: body.results[i],
      out: node.outputs[i],
      name: names[i],
    })),
    xs: node.inputs.slice(consts + carry, end).map((outer, i) => ({ outer, inner: body.params[consts + carry + i] })),
    ys: body.results.slice(carry).map((inner, i) => ({ inner, out: node.outputs[carry + i] })),
    length: counted ? node.inputs[end] : undefined,
    trips: node.outputs[node.outputs.length - 1],
    nodes: body.nodes,
    cond: cond && { nodes: cond.nodes, result: cond.results[0] },
    reverse,
    node,
  };
}

/** Puts a loop together again. */
export function writeLoop(loop: Loop): IrNode<LoopAttrs> {
  const { consts, carry, xs, ys, length, trips, nodes, cond, node } = loop;
  const body: IrFunction = {
    params: [...consts, ...carry, ...xs].map(({ inner }) => inner),
    nodes,
    results: [...carry.map(({ next }) => next), ...ys.map(({ inner }) => inner)],
  };
  const test: IrFunction[] =
    cond === undefined
      ? []
      : [
          {
            params: [...consts, ...carry].map(({ inner, inCond }) => inCond ?? inner),
            nodes: cond.nodes,
            results: [cond.result],
          },
        ];
  return {
    ...node,
    attrs: {
      ...node.attrs,
      consts: consts.length,
      carry: carry.length,
      counted: length !== undefined,
      names: carry.map(({ name }) => name),
    },
    inputs: [
      ...consts.map(({ outer }) => outer),
      ...carry.map(({ init }) => init),
      ...xs.map(({ outer }) => outer),
      ...(length === undefined ? [] : [length]),
    ],
    outputs: [...carry.map(({ out }) => out), ...ys.map(({ out }) => out), trips],
    bodies: [body, ...test],
  };
}

/** A rewritten loop, and what now runs before and after it. */
export interface Rewritten {
  readonly before: readonly IrNode[];
  readonly loop: Loop;
  readonly after: readonly IrNode[];
}

/** A rewrite of every loop of a function, the innermost first. */
export const mapLoops =
  (rewrite: (loop: Loop) => Rewritten) =>
  (f: IrFunction): IrFunction => {
    if (f.nodes.every((n) => n.bodies.length === 0)) return f;
    const pass = mapLoops(rewrite);
    const nodes = f.nodes.flatMap((n): readonly IrNode[] => {
      if (n.bodies.length === 0) return [n];
      const inner = { ...n, bodies: n.bodies.map(pass) };
      if (!applies(inner, control.loop)) return [inner];
      const { before, loop, after } = rewrite(readLoop(inner));
      return [...before, writeLoop(loop), ...after];
    });
    return { ...f, nodes };
  };

/** How often each value is read by nodes and as a result. Bodies read only what their nodes are given. */
export function usesOf(nodes: readonly IrNode[], results: readonly IrValue[]): ReadonlyMap<IrValue, number> {
  const uses = new Map<IrValue, number>();
  for (const v of [...nodes.flatMap((n) => n.inputs), ...results]) uses.set(v, (uses.get(v) ?? 0) + 1);
  return uses;
}

/** The results of a loop's body. */
export const resultsOf = ({ carry, ys }: Loop): readonly IrValue[] => [
  ...carry.map(({ next }) => next),
  ...ys.map(({ inner }) => inner),
];
