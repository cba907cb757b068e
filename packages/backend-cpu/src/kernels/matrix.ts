import { type DType, type MatmulAttrs, type Op, bytesPerElement, matrix, showShape, sizeOf } from '@tensorloom/graph';
import { type Kernel, broadcastStrides, kernelsOf, offsetsOf } from '@tensorloom/runtime';
import { broadcastShape } from '../broadcast.js';
import type { Cpu } from '../cpu.js';
import { add } from '../emit/expression.js';
import type { CpuBuffer, CpuTensor } from '../handles.js';
import { runJob } from '../threads/shared-code.js';
import { expressionKernel } from './elementwise.js';
import { plainLoops } from './plain-loops.js';

/** Kernels of the matrix family. */
export function matrixKernels(cpu: Cpu): [Op, Kernel<CpuBuffer>][] {
  const addBias = expressionKernel(cpu, 'BiasAdd', add);
  return kernelsOf(matrix, {
    matmul: ([a, b], { attrs }) => {
      if (a.shape.length !== 2 || b.shape.length !== 2) {
        throw new RangeError(
          `MatMul: expected two matrices, got ${showShape(a.shape)} and ${showShape(b.shape)}. Reshape to rank 2.`,
        );
      }
      return batchMatmul(cpu, a, b, attrs);
    },
    batchMatmul: ([a, b], { attrs }) => batchMatmul(cpu, a, b, attrs),
    orthonormalize: plainLoops(cpu, matrix.orthonormalize),
    biasAdd: (inputs, call) => {
      const [x, bias] = inputs;
      const last = x.shape[x.shape.length - 1];
      if (last === undefined || bias.shape.length !== 1 || bias.shape[0] !== last) {
        throw new RangeError(
          `BiasAdd: expected a bias of shape [${last ?? '?'}] for ${showShape(x.shape)}, got ${showShape(bias.shape)}.`,
        );
      }
      return addBias(inputs, call);
    },
  });
}

/** How many matrices lie before the one that each product of a batch takes of an operand. */
const matricesOf = ({ shape }: CpuTensor, batch: readonly number[]): Int32Array | undefined =>
  batch.length === 0 ? undefined : offsetsOf(batch, broadcastStrides(shape.slice(0, -2), batch));

function batchMatmul(cpu: Cpu, a: CpuTensor, b: CpuTensor, { transposeA, transposeB }: MatmulAttrs): CpuTensor {
  const { dtype } = a;
  const [aHeight, aWidth] = a.shape.slice(-2);
  const [bHeight, bWidth] = b.shape.slice(-2);
  const [m, k] = transposeA ? [aWidth, aHeight] : [aHeight, aWidth];
  const [l, n] = transposeB ? [bWidth, bHeight] : [bHeight, bWidth];
  if (k !== l) {
    throw new RangeError(
      `MatMul: inner dimensions differ: ${showShape(a.shape)}${transposeA ? ' transposed' : ''} and ${showShape(b.shape)}${transposeB ? ' transposed' : ''}. Make them equal, or transpose an operand.`,
    );
  }
  if (dtype === 'bool') throw new TypeError('MatMul: expected numeric operands, got bool. Use cast().');
  const batch =
    a.shape.length === 2 && b.shape.length === 2
      ? []
      : broadcastShape('BatchMatMulV2', [a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const size = bytesPerElement(dtype);
  const shape = batch.length === 0 ? [m, n] : [...batch, m, n];
  const count = sizeOf(batch);
  const out = cpu.handles.allocate(dtype, shape, count * m * n * size);
  if (m === 0 || n === 0) return out;
  const [fromA, fromB] = [matricesOf(a, batch), matricesOf(b, batch)];
  const product = productOf(cpu, dtype, m, n, k);
  const leftRow = transposeA ? 1 : aWidth;
  const leftColumn = transposeA ? aWidth : 1;
  const rightRow = transposeB ? 1 : bWidth;
  const rightColumn = transposeB ? bWidth : 1;
  for (let i = 0; i < count; i++) {
    const left = a.buffer.address + (fromA?.[i] ?? 0) * m * k * size;
    const right = b.buffer.address + (fromB?.[i] ?? 0) * k * n * size;
    const to = out.buffer.address + i * m * n * size;
    product(left, leftRow, leftColumn, right, rightRow, rightColumn, to, m, n, k);
  }
  return out;
}

type Product = (
  ...addressesAndLengths: [
    left: number,
    leftRow: number,
    leftColumn: number,
    right: number,
    rightRow: number,
    rightColumn: number,
    to: number,
    m: number,
    n: number,
    k: number,
  ]
) => void;

/** The code that multiplies matrices of a dtype. */
function productOf(cpu: Cpu, dtype: Exclude<DType, 'bool'>, m: number, n: number, k: number): Product {
  const { wasm, memory } = cpu;
  if (dtype === 'float64') return wasm.matmulFloat64;
  if (dtype === 'int32') return wasm.matmulInt32;
  if (2 * m * n * k >= LARGE) return (...args) => largeProduct(cpu, args);
  const scratch = memory.scratch(wasm.matmulScratch(m, n, k));
  return (left, leftRow, leftColumn, right, rightRow, rightColumn, to) =>
    wasm.matmulFloat32(left, leftRow, leftColumn, right, rightRow, rightColumn, to, m, n, k, scratch);
}

/** Elementary operations of a product that several threads share. */
const LARGE = 2_000_000;

/** Rows of a tile, which are not parted. */
const GRAIN = 4;

/** Steps of the inner dimension that make a product of their own where there are many, and elements of a product that may be held several times. */
const PIECE = 512;
const HELD = 2 ** 19;

/**
 * A product on all threads, by rows and, where the inner dimension is long, by pieces of it, whose products are then added in order. How
 * many pieces depends on the shape alone, so that the result does not depend on the threads.
 */
function largeProduct({ wasm, memory, threads }: Cpu, args: Parameters<Product>): void {
  const [m, n, k] = args.slice(-3);
  const to = args[6];
  const pieces = m * n <= HELD ? Math.max(1, Math.min(4, Math.floor(k / PIECE / 2))) : 1;
  const piece = Math.ceil(k / pieces);
  const scratch = wasm.matmulScratch(m, n, piece);
  const part = m * n * 4;
  const blocks = [64, (pieces - 1) * part, threads.count * scratch].map((bytes) => memory.allocate(bytes));
  const [words, parts, own] = blocks.map(({ address }) => address);
  try {
    memory.views.int32.set([...args, piece, parts, own, scratch], words / 4);
    const rows = pieces * Math.ceil(m / GRAIN) * GRAIN;
    runJob(threads, 'matmulJob', wasm.matmulJob, { rows, grain: GRAIN, args: words });
    for (let i = 0; i < pieces - 1; i++) wasm.addFloat32(parts + i * part, to, m * n);
  } finally {
    blocks.forEach((block) => memory.release(block));
  }
}
