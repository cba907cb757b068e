import { Const, type Op, elementwise, matrix, shape } from '@tensorloom/graph';
import { Emitter } from './emit.js';
import { type IrFunction, type IrNode, type IrValue, applies } from './ir.js';
import { type Loop, mapLoops, resultsOf, usesOf } from './loop.js';
import { dependencesOf } from './dependence.js';

/**
 * In the bodies of loops, takes apart products with joint kernels: [x, h] K becomes x K1 + h K2 where one part follows from what the
 * loop reads row by row and the other does not, so that the first can leave the loop; and of (dz K^T), split in two, only the part that
 * is read is computed. Kernels keep their joint shape: the parts are slices of them.
 */
export const split: (f: IrFunction) => IrFunction = mapLoops((loop) => ({
  before: [],
  loop: { ...loop, nodes: splitNodes(loop) },
  after: [],
}));

function splitNodes(loop: Loop): readonly IrNode[] {
  const makers = new Map(loop.nodes.flatMap((n) => n.outputs.map((o) => [o, n] as const)));
  const kinds = dependencesOf(loop);
  const uses = usesOf(loop.nodes, resultsOf(loop));
  const makerOf = <A>(v: IrValue, op: Op<A>): IrNode<A> | undefined => {
    const n = makers.get(v);
    return n !== undefined && applies(n, op) ? n : undefined;
  };
  return loop.nodes.flatMap((n): readonly IrNode[] => {
    if (applies(n, matrix.matmul)) {
      const joined = makerOf(n.inputs[0], shape.concat);
      const isRead = (v: IrValue): boolean => kinds.get(v) === 'rows';
      const splits =
        joined?.attrs.axis === 1 &&
        !n.attrs.transposeA &&
        kinds.get(n.inputs[1]) === 'constant' &&
        joined.inputs.some(isRead) &&
        !joined.inputs.every(isRead);
      return splits ? (sumOfProducts(n, joined.inputs) ?? [n]) : [n];
    }
    if (applies(n, shape.split) && n.attrs.axis === 1) {
      const product = makerOf(n.inputs[0], matrix.matmul);
      const sizes = makerOf(n.inputs[1], Const);
      const unread = n.outputs.some((o) => !uses.has(o));
      if (product === undefined || sizes === undefined || !unread || uses.get(n.inputs[0]) !== 1) return [n];
      return kinds.get(product.inputs[1]) === 'constant'
        ? partsOf(product, n, Array.from(sizes.attrs.data), uses)
        : [n];
    }
    return [n];
  });
}

/** Rows (of a transposed operand, columns) of a kernel, from `start` on. */
function slice(emit: Emitter, kernel: IrValue, start: number, length: number, axis: 0 | 1): IrValue {
  const begin = emit.ints(axis === 0 ? [start, 0] : [0, start]);
  const size = emit.ints(axis === 0 ? [length, -1] : [-1, length]);
  return emit.apply(shape.slice, [kernel, begin, size], {});
}

/** The products of the parts with their parts of the kernel, added up; `undefined` when a width is not known. */
function sumOfProducts(
  n: IrNode<{ readonly transposeA: boolean; readonly transposeB: boolean }>,
  parts: readonly IrValue[],
): readonly IrNode[] | undefined {
  const widths = parts.map(({ spec }) => (spec.kind === 'tensor' ? (spec.shape?.[1] ?? null) : null));
  if (!widths.every((w) => w !== null)) return undefined;
  const emit = new Emitter(n.origin);
  let start = 0;
  const products = parts.map((part, i) => {
    const kernel = slice(emit, n.inputs[1], start, widths[i], n.attrs.transposeB ? 1 : 0);
    start += widths[i];
    return emit.apply(matrix.matmul, [part, kernel], n.attrs);
  });
  const last = products.length - 1;
  const sum = products.slice(1, last).reduce((a, b) => emit.apply(elementwise.add, [a, b], {}), products[0]);
  emit.define(n.outputs[0], elementwise.add, [sum, products[last]], {});
  return emit.nodes;
}

/** Of a product that is split along its columns, the products that are read. */
function partsOf(
  product: IrNode<{ readonly transposeA: boolean; readonly transposeB: boolean }>,
  { outputs, origin }: IrNode,
  sizes: readonly number[],
  uses: ReadonlyMap<IrValue, number>,
): readonly IrNode[] {
  const emit = new Emitter(origin);
  outputs.forEach((out, i) => {
    if (!uses.has(out)) return;
    const kernel = slice(emit, product.inputs[1], sizeOfFirst(sizes, i), sizes[i], product.attrs.transposeB ? 0 : 1);
    emit.define(out, matrix.matmul, [product.inputs[0], kernel], product.attrs);
  });
  return emit.nodes;
}

const sizeOfFirst = (sizes: readonly number[], n: number): number => sizes.slice(0, n).reduce((a, b) => a + b, 0);
