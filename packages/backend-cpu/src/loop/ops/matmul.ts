import { type AttrsOf, type Op, matrix } from '@tensorloom/graph';
import { elementSize } from '../../element-size.js';
import type { Planner } from '../planner.js';
import { Unsupported, type View, int, rows } from '../program.js';
import { type LoopOp, type Step, entry } from './loop-op.js';

/** Elementary operations of a product that are worth sharing out. */
const WORTH = 200_000;

function product(step: Step<AttrsOf<typeof matrix.matmul>>, planner: Planner): void {
  const {
    inputs: [a, b],
    outputs: [c],
    attrs: { transposeA, transposeB },
  } = step;
  const { dtype } = planner.type(a);
  if (dtype === 'bool') throw new Unsupported('MatMul');
  const size = elementSize(dtype);
  const operand = (v: number): View => {
    const view = planner.view(v);
    return view.strides.includes(size) ? view : planner.dense(v);
  };
  const [left, right] = [operand(a), operand(b)];
  const elements = ({ strides: [r, k] }: View, transposed: boolean): number[] =>
    (transposed ? [k, r] : [r, k]).map((s) => s / size);
  const [m, n] = planner.type(c).shape;
  const k = planner.type(a).shape[transposeA ? 0 : 1];
  const isBatched = planner.isBatched(c);
  planner.work += 2 * m * n * k;
  const leftAt = [planner.address(left, isBatched), ...elements(left, transposeA).map(int)];
  const lengths = [isBatched ? rows() : int(m), int(n), int(k)];
  const [row, column] = elements(right, transposeB);
  const wanted = planner.wanted(c);
  // A product with a vector does not need it packed.
  const isPacked = dtype === 'float32' && n > 1 && planner.loop.consts.includes(b);
  const fits = wanted !== undefined && (isPacked ? wanted.strides[1] === size : planner.isDense(c, wanted));
  const to = fits ? planner.target(c) : planner.allocate(planner.type(c), isBatched);
  const target = planner.address(to, isBatched);
  if (dtype === 'float32') {
    const scratch = planner.scratch(planner.cpu.wasm.matmulScratch(m, n, k));
    const { meeting } = planner;
    if (isPacked && m === 1 && meeting !== undefined && 2 * n * k >= WORTH) {
      const packed = planner.packed(b, row, column, n, k);
      planner.call('multiplyTogether', meeting, leftAt[0], leftAt[2], packed, target, int(n), int(k));
      planner.shared += 2 * n * k;
    } else if (isPacked) {
      const packed = planner.packed(b, row, column, n, k);
      planner.call('matmulPacked', ...leftAt, packed, target, int(to.strides[0] / size), ...lengths, scratch);
    } else {
      const rightAt = [planner.address(right, false), int(row), int(column)];
      planner.call('matmulFloat32', ...leftAt, ...rightAt, target, ...lengths, scratch);
    }
  } else {
    const rightAt = [planner.address(right, false), int(row), int(column)];
    const kernel = dtype === 'float64' ? 'matmulFloat64' : 'matmulInt32';
    planner.call(kernel, ...leftAt, ...rightAt, target, ...lengths);
  }
  planner.define(c, to);
}

/** Products. */
export const matmulOps: readonly [Op, LoopOp][] = [
  entry(
    matrix.matmul,
    ({ inputs: [a, b], attrs }, _, batched) => {
      if (batched.has(b) || (batched.has(a) && attrs.transposeA)) return null;
      return batched.has(a);
    },
    product,
  ),
];
