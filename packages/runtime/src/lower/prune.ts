import { type LoopAttrs, control, elementwise, list, shape } from '@tensorloom/graph';
import { Emitter } from './emit.js';
import { type IrFunction, type IrNode, type IrValue, applies } from './ir.js';
import { type Loop, readLoop, writeLoop } from './loop.js';

/**
 * Leaves out what nothing reads: nodes, and of loops the carries, results, constants and sequences. What has an effect stays. A loop
 * keeps its number of trips: where a sequence goes that could end it, its length is asked for instead.
 */
export function prune(f: IrFunction): IrFunction {
  return { ...f, nodes: pruned(f.nodes, f.results) };
}

function pruned(nodes: readonly IrNode[], results: readonly IrValue[]): readonly IrNode[] {
  const live = new Set(results);
  const kept: IrNode[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const n = nodes[i];
    if (!n.outputs.some((o) => live.has(o)) && !hasEffect(n)) continue;
    const now = applies(n, control.loop) ? pruneLoop(n, live) : [{ ...n, bodies: n.bodies.map(prune) }];
    for (const node of now) node.inputs.forEach((v) => live.add(v));
    kept.push(...[...now].reverse());
  }
  return kept.reverse();
}

/** Whether leaving a node out would be noticed. */
const hasEffect = (n: IrNode): boolean =>
  n.awaited === true ||
  (n.op.effect !== 'pure' && n.op.effect !== 'read') ||
  n.bodies.some((b) => b.nodes.some(hasEffect));

function pruneLoop(node: IrNode<LoopAttrs>, live: ReadonlySet<IrValue>): readonly IrNode[] {
  const loop = readLoop(node);
  const isLive = (out: IrValue): boolean => live.has(out) || node.awaited === true;
  const ys = loop.ys.filter(({ out }) => isLive(out));
  const read = new Set(loop.cond === undefined ? [] : [...loop.cond.nodes.flatMap((n) => n.inputs), loop.cond.result]);
  let carry = loop.carry.filter(({ out, inCond }) => isLive(out) || (inCond !== undefined && read.has(inCond)));
  // Each carry that is needed may need others for its next value.
  for (;;) {
    const results = [...carry.map(({ next }) => next), ...ys.map(({ inner }) => inner)];
    const nodes = pruned(loop.nodes, results);
    const used = new Set([...results, ...nodes.flatMap((n) => n.inputs)]);
    const needed = loop.carry.filter((c) => carry.includes(c) || used.has(c.inner));
    if (needed.length > carry.length) {
      carry = needed;
      continue;
    }
    const consts = loop.consts.filter(
      ({ inner, inCond }) => used.has(inner) || (inCond !== undefined && read.has(inCond)),
    );
    return withoutSequences({ ...loop, consts, carry, ys, nodes }, used);
  }
}

/** Leaves out the sequences whose rows are not read. */
function withoutSequences(loop: Loop, used: ReadonlySet<IrValue>): readonly IrNode[] {
  const { length } = loop;
  let xs = loop.xs.filter(({ inner }) => used.has(inner));
  const gone = loop.xs.filter((x) => !xs.includes(x));
  if (length === undefined) {
    // One of them tells when to stop.
    if (xs.length === 0 && loop.cond === undefined) xs = loop.xs.slice(0, 1);
    return [writeLoop({ ...loop, xs })];
  }
  const emit = new Emitter(loop.node.origin);
  const shortest = gone.reduce(
    (least, { outer }) =>
      emit.apply(
        elementwise.minimum,
        [
          least,
          outer.spec.kind === 'list'
            ? emit.apply(list.length, [outer], {})
            : emit.apply(shape.dim, [outer], { axis: 0 }),
        ],
        {},
      ),
    length,
  );
  return [...emit.nodes, writeLoop({ ...loop, xs, length: shortest })];
}
