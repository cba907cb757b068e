import { type Op, indexing, sizeOf } from '@tensorloom/graph';
import { type Kernel, kernelsOf } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import { elementSize } from '../element-size.js';
import type { CpuBuffer } from '../handles.js';
import { plainLoops } from './plain-loops.js';

/** Kernels of the indexing family. */
export function indexingKernels(cpu: Cpu): [Op, Kernel<CpuBuffer>][] {
  const { wasm, handles } = cpu;
  const plain = Object.values(indexing).map((op: Op): [Op, Kernel<CpuBuffer>] => {
    const isUpdate = op === indexing.tensorScatterUpdate || op === indexing.tensorScatterAdd;
    return [op, plainLoops(cpu, op, undefined, isUpdate)];
  });
  const failing = plainLoops(cpu, indexing.gather);
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
          return failing(inputs, given);
        }
        return out;
      },
    }),
  ];
}
