import { type DType, type Op, alongAxis, bytesPerElement, sizeOf } from '@tensorloom/graph';
import { type Kernel, kernelsOf } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import type { CpuBuffer } from '../handles.js';
import { plainLoops } from './plain-loops.js';
import { passFor } from './reduce.js';

/** Kernels of the family that works along one axis. */
export function alongAxisKernels(cpu: Cpu): [Op, Kernel<CpuBuffer>][] {
  const { wasm, handles } = cpu;
  const choice =
    (op: Op, passes: Parameters<typeof passFor>[1]): Kernel<CpuBuffer, { readonly axis: number }> =>
    ([x], { attrs: { axis } }) => {
      const outer = x.shape.slice(0, axis);
      const inner = x.shape.slice(axis + 1);
      const shape = [...outer, ...inner];
      const pass = passFor(op.name, passes, x.dtype);
      const out = handles.allocate(INDEX, shape, sizeOf(shape) * bytesPerElement(INDEX));
      pass(x.buffer.address, out.buffer.address, sizeOf(outer), x.shape[axis], sizeOf(inner), 1);
      return out;
    };
  const { argMax, argMin } = alongAxis;
  const plain = Object.values(alongAxis).map((op: Op): [Op, Kernel<CpuBuffer>] => [op, plainLoops(cpu, op)]);
  const chosen = kernelsOf<CpuBuffer, typeof alongAxis>(alongAxis, {
    argMax: choice(argMax, { float32: wasm.argMaxFloat32, float64: wasm.argMaxFloat64, int32: wasm.argMaxInt32 }),
    argMin: choice(argMin, { float32: wasm.argMinFloat32, float64: wasm.argMinFloat64, int32: wasm.argMinInt32 }),
  });
  return [...plain, ...chosen];
}

const INDEX: DType = 'int32';
