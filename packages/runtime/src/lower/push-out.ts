import { matrix, shape } from '@tensorloom/graph';
import { dependencesOf } from './dependence.js';
import { Emitter } from './emit.js';
import { type IrFunction, type IrNode, type IrValue, applies } from './ir.js';
import { type LoopSequence, mapLoops } from './loop.js';
import { Sequences, widthOf } from './sequences.js';

/**
 * Computes products of what a counted loop reads row by row with what stays the same for all rows at once, before the loop: x_t K for
 * every t becomes one large product, whose rows the loop reads.
 */
export const pushOut: (f: IrFunction) => IrFunction = mapLoops((loop) => {
  // A loop that swaps keeps rows off the device: a product of all of them at once would bring them back.
  if (loop.cond !== undefined || loop.node.attrs.swapMemory === true) return { before: [], loop, after: [] };
  const kinds = dependencesOf(loop);
  const outerConst = new Map<IrValue, IrValue>(loop.consts.map(({ inner, outer }) => [inner, outer]));
  const before: IrNode[] = [];
  const added: LoopSequence[] = [];
  const nodes = loop.nodes.filter((n) => {
    if (!applies(n, matrix.matmul) || n.attrs.transposeA || kinds.get(n.inputs[0]) !== 'rows') return true;
    const emit = new Emitter(n.origin);
    const sequences = new Sequences(loop, emit);
    const kernel = outerConst.get(n.inputs[1]);
    const width = widthOf(n.outputs[0]);
    if (kernel === undefined || width === null || !sequences.has(n.inputs[0])) return true;
    const product = emit.apply(matrix.matmul, [sequences.of(n.inputs[0]), kernel], n.attrs);
    const like = sequences.like(n.inputs[0]);
    const to = emit.apply(shape.pack, [emit.dim(like, 0), emit.dim(like, 1), emit.ints(width)], { axis: 0 });
    added.push({ outer: emit.apply(shape.reshape, [product, to], {}), inner: n.outputs[0] });
    before.push(...emit.nodes);
    return false;
  });
  return { before, loop: { ...loop, nodes, xs: [...loop.xs, ...added] }, after: [] };
});
