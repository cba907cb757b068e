import { type DType, bytesPerElement } from '@tensorloom/graph';
import { type Broadcast, broadcast, broadcastShape } from './broadcast.js';
import type { Cpu } from './cpu.js';
import type { Loop } from './emit/compile.js';
import type { Expression } from './emit/expression.js';
import type { CpuTensor } from './handles.js';

/** An elementwise expression bound to operands of known dtypes and shapes. */
export interface Region {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: number;
  readonly loop: Loop;
  readonly over: Broadcast;
  /** Bytes from one row to the next, of each operand. */
  readonly strides: readonly number[];
  /** Whether the output may lie over each operand: they have elements of one size, and as many. */
  readonly replaceable: readonly boolean[];
}

/** Binds `expression` to operands that broadcast to `shape`, or to each other. Throws `RangeError`, naming `op`, when they do not. */
export function bindRegion(
  cpu: Cpu,
  op: string,
  expression: Expression,
  operands: readonly Pick<CpuTensor, 'dtype' | 'shape'>[],
  shape?: readonly number[],
): Region {
  const shapes = operands.map((x) => x.shape);
  const over = broadcast(shape ?? broadcastShape(op, shapes), shapes);
  const sizes = operands.map((x) => bytesPerElement(x.dtype));
  const size = bytesPerElement(expression.dtype);
  return {
    dtype: expression.dtype,
    shape: over.shape,
    bytes: over.size * size,
    loop: cpu.compiler.compile([expression], over.access).run,
    over,
    strides: over.strides.map((s, i) => s * sizes[i]),
    replaceable: shapes.map((s, i) => sizes[i] === size && s.reduce((a, b) => a * b, 1) === over.size),
  };
}

/** Computes a region, over a donated operand where that is possible. */
export function runRegion(
  { handles }: Cpu,
  region: Region,
  operands: readonly CpuTensor[],
  donated: readonly boolean[],
): CpuTensor {
  let out: CpuTensor | undefined;
  for (let i = 0; i < operands.length; i++) {
    if (donated[i] && region.replaceable[i] && handles.isOnly(operands[i])) {
      out = handles.view(operands[i], region.dtype, region.shape);
      break;
    }
  }
  out ??= handles.allocate(region.dtype, region.shape, region.bytes);
  if (region.bytes === 0) return out;
  if (region.over.outer.length > 0) runOuter(region, operands, out);
  else runRows(region, operands, out.buffer.address);
  return out;
}

function runRows(
  { loop, dtype, over: { rows, columns }, strides }: Region,
  operands: readonly CpuTensor[],
  out: number,
): void {
  const row = columns * bytesPerElement(dtype);
  // Calls with a fixed number of arguments, because spreading them costs as much as a small kernel.
  const [a, b, c] = operands;
  if (operands.length === 1) loop(rows, columns, out, row, a.buffer.address, strides[0]);
  else if (operands.length === 2)
    loop(rows, columns, out, row, a.buffer.address, strides[0], b.buffer.address, strides[1]);
  else if (operands.length === 3) {
    const { address } = c.buffer;
    loop(rows, columns, out, row, a.buffer.address, strides[0], b.buffer.address, strides[1], address, strides[2]);
  } else loop(rows, columns, out, row, ...operands.flatMap((x, i) => [x.buffer.address, strides[i]]));
}

/** Walks the axes before the rows. */
function runOuter({ dtype, loop, over, strides }: Region, operands: readonly CpuTensor[], out: CpuTensor): void {
  const { outer, outerStrides, rows, columns } = over;
  const sizes = operands.map((x) => bytesPerElement(x.dtype));
  const row = columns * bytesPerElement(dtype);
  const step = rows * row;
  const index = outer.map(() => 0);
  let { address } = out.buffer;
  for (let axis = outer.length - 1; axis >= 0;) {
    const rowsOf = operands.flatMap((x, i) => {
      const elements = index.reduce((sum, at, k) => sum + at * outerStrides[i][k], 0);
      return [x.buffer.address + elements * sizes[i], strides[i]];
    });
    loop(rows, columns, address, row, ...rowsOf);
    address += step;
    for (axis = outer.length - 1; axis >= 0 && ++index[axis] === outer[axis]; axis--) index[axis] = 0;
  }
}
