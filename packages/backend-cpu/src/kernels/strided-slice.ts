import {
  type Op,
  type StridedSliceAttrs,
  bytesPerElement,
  showShape,
  sizeOf,
  strided,
  stridedAxis,
} from '@tensorloom/graph';
import { type HostTensor, type Kernel, kernelsOf } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import { elementSize } from '../element-size.js';
import type { CpuBuffer, CpuTensor } from '../handles.js';
import { planMove, rowMajorSteps, runMove } from '../move.js';

/** The part of a tensor of shape `shape` that a strided slice takes: its shape, its steps and its first element, in elements. */
function partOf(
  shape: readonly number[],
  [begin, end, strides]: readonly HostTensor[],
  attrs: StridedSliceAttrs,
): { readonly shape: readonly number[]; readonly steps: readonly number[]; readonly first: number } {
  const rowMajor = rowMajorSteps(shape);
  const taken = shape.map((d, axis) =>
    stridedAxis(d, axis, [begin.data[axis], end.data[axis], strides.data[axis]], attrs),
  );
  return {
    shape: taken.map(({ length }) => length),
    steps: taken.map(({ stride }, axis) => stride * rowMajor[axis]),
    first: taken.reduce((sum, { start }, axis) => sum + start * rowMajor[axis], 0),
  };
}

/** Kernels of the slices with steps: moves of elements. */
export function stridedKernels(cpu: Cpu): [Op, Kernel<CpuBuffer>][] {
  const { handles, memory } = cpu;
  const make = (x: CpuTensor, shape: readonly number[]): CpuTensor =>
    handles.allocate(x.dtype, shape, sizeOf(shape) * bytesPerElement(x.dtype));
  return kernelsOf(strided, {
    stridedSlice: ([x], { attrs, host }) => {
      const part = partOf(x.shape, host, attrs);
      const out = make(x, part.shape);
      const size = elementSize(x.dtype);
      const move = planMove(size, part.shape, part.steps, rowMajorSteps(part.shape));
      runMove(cpu, move, x.buffer.address + part.first * size, out.buffer.address);
      return out;
    },
    stridedSliceGrad: ([dy], { attrs, host: [dims, ...bounds] }) => {
      const shape = Array.from(dims.data);
      const part = partOf(shape, bounds, attrs);
      if (sizeOf(part.shape) !== sizeOf(dy.shape)) {
        throw new RangeError(
          `StridedSliceGrad: expected gradients of shape ${showShape(part.shape)}, got ${showShape(dy.shape)}.`,
        );
      }
      const out = make(dy, shape);
      const size = elementSize(dy.dtype);
      const { address } = out.buffer;
      memory.views.bool.fill(0, address, address + sizeOf(shape) * size);
      const move = planMove(size, part.shape, rowMajorSteps(part.shape), part.steps);
      runMove(cpu, move, dy.buffer.address, address + part.first * size);
      return out;
    },
  });
}
