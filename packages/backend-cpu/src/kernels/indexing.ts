import { type Op, indexing, sizeOf } from '@tensorloom/graph';
import { type Kernel, kernelsOf } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import { elementSize } from '../element-size.js';
import type { CpuBuffer } from '../handles.js';
import { plainLoops } from './plain-loops.js';

/** Kernels of the indexing family. */
export function indexingKernels(cpu: Cpu): [Op, Kernel<CpuBuffer>][] {
  const { wasm, handles, memory } = cpu;
  const plain = Object.values(indexing).map((op: Op): [Op, Kernel<CpuBuffer>] => {
    const isUpdate = op === indexing.tensorScatterUpdate || op === indexing.tensorScatterAdd;
    return [op, plainLoops(cpu, op, undefined, isUpdate)];
  });
  const failing = { gather: plainLoops(cpu, indexing.gather), sum: plainLoops(cpu, indexing.unsortedSegmentSum) };
  const sums = { float32: wasm.addPartsFloat32, float64: wasm.addPartsFloat64, int32: wasm.addPartsInt32 };
  return [
    ...plain,
    ...kernelsOf<CpuBuffer, typeof indexing>(indexing, {
      gather: (inputs, given) => {
        const [x, indices] = inputs;
        const { axis } = given.attrs;
        const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
        const size = elementSize(x.dtype);
        const out = handles.allocate(x.dtype, shape, sizeOf(shape) * size);
        const part = sizeOf(x.shape.slice(axis + 1)) * size;
        const [from, at, to] = [x, indices, out].map(({ buffer }) => buffer.address);
        try {
          wasm.gatherParts(from, at, to, sizeOf(x.shape.slice(0, axis)), x.shape[axis], sizeOf(indices.shape), part);
        } catch (e) {
          handles.free(out);
          if (!(e instanceof WebAssembly.RuntimeError)) throw e;
          // A trap does not say which index is out of range.
          return failing.gather(inputs, given);
        }
        return out;
      },
      unsortedSegmentSum: (inputs, given) => {
        const [x, ids] = inputs;
        const { dtype } = x;
        if (dtype === 'bool') return failing.sum(inputs, given);
        const [length] = given.host[0].data;
        const part = x.shape.slice(ids.shape.length);
        const shape = [length, ...part];
        const bytes = sizeOf(shape) * elementSize(dtype);
        const out = handles.allocate(dtype, shape, bytes);
        const [from, at, to] = [x, ids, out].map(({ buffer }) => buffer.address);
        memory.views.bool.fill(0, to, to + bytes);
        try {
          sums[dtype](from, at, to, sizeOf(ids.shape), sizeOf(part), length);
        } catch (e) {
          handles.free(out);
          if (!(e instanceof WebAssembly.RuntimeError)) throw e;
          return failing.sum(inputs, given);
        }
        return out;
      },
    }),
  ];
}
