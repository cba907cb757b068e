import { Const, type Op, elementwise, isKnown, matrix, shape } from '@tensorloom/graph';
import { dependencesOf } from './dependence.js';
import { type IrFunction, type IrNode, IrValue } from './ir.js';
import { type LoopConst, mapLoops, resultsOf, usesOf } from './loop.js';

/** Ops that cannot fail once the shapes of their inputs are known. */
const safe: ReadonlySet<Op> = new Set<Op>([
  ...Object.values(elementwise).filter(
    (op) => op !== elementwise.floorDiv && op !== elementwise.floorMod && op !== elementwise.pow,
  ),
  matrix.matmul,
  matrix.biasAdd,
  ...Object.values(shape).filter((op) => op !== shape.split && op !== shape.unpack),
]);

/** Whether a node may run although the loop might not turn even once. */
const cannotFail = (n: IrNode): boolean =>
  safe.has(n.op) && n.inputs.every(({ spec }) => spec.kind === 'tensor' && isKnown(spec.shape));

/** Computes before a loop what is the same at every trip. What could fail stays, because a loop that does not turn would not have failed. */
export const hoist: (f: IrFunction) => IrFunction = mapLoops((loop) => {
  const kinds = dependencesOf(loop);
  const outside = new Map<IrValue, IrValue>(loop.consts.map(({ inner, outer }) => [inner, outer]));
  const constants = new Map<IrValue, IrNode>();
  const before: IrNode[] = [];
  const moved = new Set<IrNode>();
  const placeOutside = (n: IrNode, inputs: readonly IrValue[]): void => {
    const outputs = n.outputs.map((o) => new IrValue(o.spec, o.origin));
    n.outputs.forEach((o, i) => outside.set(o, outputs[i]));
    before.push({ ...n, inputs, outputs });
  };
  for (const n of loop.nodes) {
    if (n.op === (Const as Op)) constants.set(n.outputs[0], n);
    else if (n.outputs.every((o) => kinds.get(o) === 'constant') && n.op.effect === 'pure' && cannotFail(n)) {
      for (const v of n.inputs) {
        const constant = constants.get(v);
        if (constant !== undefined && !outside.has(v)) placeOutside(constant, []);
      }
      const inputs = n.inputs.map((v) => outside.get(v));
      if (!inputs.every((v) => v !== undefined)) continue;
      placeOutside(n, inputs);
      moved.add(n);
    }
  }
  if (moved.size === 0) return { before: [], loop, after: [] };
  const nodes = loop.nodes.filter((n) => !moved.has(n));
  const uses = usesOf(nodes, resultsOf(loop));
  const consts = [...moved]
    .flatMap((n) => n.outputs)
    .filter((o) => uses.has(o))
    .flatMap((inner): LoopConst[] => {
      const outer = outside.get(inner);
      return outer === undefined ? [] : [{ outer, inner, inCond: loop.cond && new IrValue(inner.spec, inner.origin) }];
    });
  return { before, loop: { ...loop, nodes, consts: [...loop.consts, ...consts] }, after: [] };
});
