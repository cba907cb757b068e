import { type ReduceAttrs, elementwise, isKnown, listOf, matrix, reduce, shape } from '@tensorloom/graph';
import { Emitter } from './emit.js';
import { type IrFunction, type IrNode, IrValue, applies } from './ir.js';
import { type Loop, type LoopCarry, type LoopResult, mapLoops, resultsOf, usesOf } from './loop.js';
import { Sequences, widthOf } from './sequences.js';

/**
 * Takes sums that a counted loop only accumulates out of it: the factors of what is added at every trip are collected, and after the
 * loop one product of all of them gives the sum of the products. So dK += x_t^T dz_t becomes one product, and db += the sum of dz_t one
 * sum.
 */
export const sink: (f: IrFunction) => IrFunction = mapLoops((loop) => {
  // A loop that swaps keeps rows off the device: a product of all of them at once would bring them back.
  if (loop.cond !== undefined || loop.node.attrs.swapMemory === true) return { before: [], loop, after: [] };
  const makers = new Map(loop.nodes.flatMap((n) => n.outputs.map((o) => [o, n] as const)));
  const uses = usesOf(loop.nodes, resultsOf(loop));
  const ys: LoopResult[] = [...loop.ys];
  const before: IrNode[] = [];
  const after: IrNode[] = [];
  const carry = loop.carry.filter((c) => {
    const added = addendOf(c, makers, uses);
    const term = added === undefined ? undefined : termOf(added, makers);
    if (term === undefined) return true;
    const outside = new Emitter(term.origin);
    const later = new Emitter(term.origin);
    const sequences = new Sequences(loop, outside);
    const matrices = term.factors.map((v) => wholeOf(loop, v, { ys, sequences, later }));
    const total = term.total(later, matrices);
    later.define(c.out, elementwise.add, [c.init, total], {});
    before.push(...outside.nodes);
    after.push(...later.nodes);
    return false;
  });
  if (carry.length === loop.carry.length) return { before: [], loop, after: [] };
  return { before, loop: { ...loop, carry, ys }, after };
});

type Makers = ReadonlyMap<IrValue, IrNode>;

/** What is added to a carry at every trip, when that is all that happens to it. */
function addendOf(c: LoopCarry, makers: Makers, uses: ReadonlyMap<IrValue, number>): IrValue | undefined {
  const n = makers.get(c.next);
  if (n === undefined || n.op !== elementwise.add || uses.get(c.inner) !== 1 || uses.get(c.next) !== 1)
    return undefined;
  const other = n.inputs[0] === c.inner ? n.inputs[1] : n.inputs[1] === c.inner ? n.inputs[0] : undefined;
  // Without broadcasting: what is added has the shape of the sum.
  const same = other?.spec.kind === 'tensor' && isKnown(other.spec.shape) && sameSize(other, c.inner);
  return same ? other : undefined;
}

const shapeOf = ({ spec }: IrValue): readonly (number | null)[] | undefined =>
  spec.kind === 'tensor' ? spec.shape : undefined;
const sameSize = (a: IrValue, b: IrValue): boolean => shapeOf(a)?.join() === shapeOf(b)?.join();

/** A sum over trips as a function of matrices whose rows are the rows of all trips. */
interface Term {
  readonly origin: IrNode['origin'];
  readonly factors: readonly IrValue[];
  total(emit: Emitter, whole: readonly IrValue[]): IrValue;
}

/** How to add up a value over all trips at once: a product of transposed rows with rows, or a sum of rows. */
function termOf(v: IrValue, makers: Makers): Term | undefined {
  const n = makers.get(v);
  if (n === undefined) return undefined;
  const { origin } = n;
  const isMatrix = (x: IrValue): boolean => widthOf(x) !== null;
  if (applies(n, matrix.matmul) && n.attrs.transposeA && !n.attrs.transposeB && n.inputs.every(isMatrix)) {
    return { origin, factors: n.inputs, total: (emit, whole) => emit.apply(matrix.matmul, whole, n.attrs) };
  }
  const rowsAdded: ReduceAttrs = { axes: [0], keepDims: false };
  const isSum = applies(n, reduce.sum) && n.attrs.axes?.join() === '0' && !n.attrs.keepDims;
  const isSumTo = n.op === shape.sumTo && shapeOf(v)?.length === 1 && shapeOf(v)?.[0] === shapeOf(n.inputs[0])?.[1];
  if ((isSum || isSumTo) && isMatrix(n.inputs[0])) {
    return { origin, factors: [n.inputs[0]], total: (emit, [all]) => emit.apply(reduce.sum, [all], rowsAdded) };
  }
  return undefined;
}

/** The rows of a matrix at all trips as one matrix: from the sequences the loop reads, or collected by the loop. */
function wholeOf(
  loop: Loop,
  v: IrValue,
  { ys, sequences, later }: { ys: LoopResult[]; sequences: Sequences; later: Emitter },
): IrValue {
  if (sequences.has(v)) return sequences.of(v);
  let y = ys.find(({ inner }) => inner === v);
  if (y === undefined) {
    y = { inner: v, out: new IrValue(listOf(v.spec), v.origin) };
    ys.push(y);
  }
  return later.rows(later.stacked(y.out, loop.trips), widthOf(v) ?? 0);
}
