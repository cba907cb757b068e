import { showShape, sizeOf } from '@tensorloom/graph';
import type { Cpu } from '../cpu.js';
import { elementSize } from '../element-size.js';
import type { CpuTensor } from '../handles.js';
import { runJob } from '../threads/shared-code.js';

/** Tensors joined along an axis. Throws `RangeError` when their other axes differ. */
export function concat(cpu: Cpu, inputs: readonly CpuTensor[], axis: number): CpuTensor {
  const [first] = inputs;
  let length = 0;
  for (const { shape } of inputs) {
    if (shape.length !== first.shape.length || shape.some((d, i) => i !== axis && d !== first.shape[i])) {
      throw new RangeError(`ConcatV2: shapes ${shapesOf(inputs)} differ outside axis ${axis}.`);
    }
    length += shape[axis];
  }
  return join(cpu, inputs, replaceAxis(first.shape, axis, [length]), axis);
}

/** Tensors of one shape joined along a new axis. Throws `RangeError` when their shapes differ. */
export function pack(cpu: Cpu, inputs: readonly CpuTensor[], axis: number): CpuTensor {
  const [{ shape }] = inputs;
  for (const x of inputs) {
    if (x.shape.length !== shape.length || x.shape.some((d, i) => d !== shape[i])) {
      throw new RangeError(`Pack: shapes ${shapesOf(inputs)} differ. They must be equal.`);
    }
  }
  return join(cpu, inputs, [...shape.slice(0, axis), inputs.length, ...shape.slice(axis)], axis);
}

const replaceAxis = (shape: readonly number[], axis: number, by: readonly number[]): readonly number[] => [
  ...shape.slice(0, axis),
  ...by,
  ...shape.slice(axis + 1),
];

const shapesOf = (inputs: readonly CpuTensor[]): string => inputs.map((x) => showShape(x.shape)).join(', ');

/** Bytes that several threads should copy. */
const LARGE = 2 ** 18;

/** For each index of the axes before `axis`, a run of each input. */
function join(cpu: Cpu, inputs: readonly CpuTensor[], shape: readonly number[], axis: number): CpuTensor {
  const { wasm, handles, memory, threads } = cpu;
  const [{ dtype }] = inputs;
  let rows = 1;
  for (let i = 0; i < axis; i++) rows *= shape[i];
  const bytes = sizeOf(shape) * elementSize(dtype);
  const out = handles.allocate(dtype, shape, bytes);
  if (bytes === 0) return out;
  let to = out.buffer.address;
  for (const x of inputs) {
    const run = (sizeOf(x.shape) * elementSize(dtype)) / rows;
    if (run * rows >= LARGE && rows > 1) {
      const block = memory.allocate(20);
      memory.views.int32.set([x.buffer.address, run, to, bytes / rows, run], block.address / 4);
      runJob(threads, 'copyRowsJob', wasm.copyRowsJob, { rows, grain: 1, args: block.address });
      memory.release(block);
    } else wasm.copyRows(x.buffer.address, run, to, bytes / rows, rows, run);
    to += run;
  }
  return out;
}

/** Consecutive pieces of x along an axis. Throws `RangeError` when they do not make up the axis. */
export function split(cpu: Cpu, x: CpuTensor, sizes: ArrayLike<number>, axis: number): CpuTensor[] {
  let total = 0;
  for (let i = 0; i < sizes.length; i++) total += sizes[i];
  if (total !== x.shape[axis]) {
    throw new RangeError(
      `SplitV: sizes ${Array.from(sizes).join(' + ')} do not add up to the ${x.shape[axis]} of axis ${axis} of ${showShape(x.shape)}.`,
    );
  }
  let end = 0;
  return Array.from(sizes, (size) =>
    piece(cpu, x, axis, (end += size) - size, size, replaceAxis(x.shape, axis, [size])),
  );
}

/** The slices of x along an axis, which they lose. Throws `RangeError` unless there are `num`. */
export function unpack(cpu: Cpu, x: CpuTensor, num: number, axis: number): CpuTensor[] {
  if (x.shape[axis] !== num) {
    throw new RangeError(`Unpack: axis ${axis} of ${showShape(x.shape)} has length ${x.shape[axis]}, expected ${num}.`);
  }
  return Array.from({ length: num }, (_, i) => piece(cpu, x, axis, i, 1, replaceAxis(x.shape, axis, [])));
}

/** `size` indices of an axis from `start` on, as a tensor of shape `shape`: a view where they lie together. */
function piece(
  { wasm, handles }: Cpu,
  x: CpuTensor,
  axis: number,
  start: number,
  size: number,
  shape: readonly number[],
): CpuTensor {
  let rows = 1;
  for (let i = 0; i < axis; i++) rows *= x.shape[i];
  let inner: number = elementSize(x.dtype);
  for (let i = axis + 1; i < x.shape.length; i++) inner *= x.shape[i];
  if (rows === 1) return handles.view(x, x.dtype, shape, start * inner);
  const out = handles.allocate(x.dtype, shape, rows * size * inner);
  wasm.copyRows(
    x.buffer.address + start * inner,
    x.shape[axis] * inner,
    out.buffer.address,
    size * inner,
    rows,
    size * inner,
  );
  return out;
}
