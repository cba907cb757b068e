import { type DType, type Op, allocate, create, showShape, sizeOf } from '@tensorloom/graph';
import { type HostTensor, type Kernel, kernelsOf } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import { elementSize } from '../element-size.js';
import { input } from '../emit/expression.js';
import type { CpuBuffer } from '../handles.js';
import { PlanCache } from '../plan-cache.js';
import { type Region, bindRegion, runRegion } from '../region.js';

/** Kernels of the create family. */
export function createKernels(cpu: Cpu): [Op, Kernel<CpuBuffer>][] {
  const { wasm, handles } = cpu;
  const fills = new PlanCache<Region>();
  const oneHot = { 1: wasm.oneHot1, 4: wasm.oneHot4, 8: wasm.oneHot8 };
  return kernelsOf(create, {
    fill: (inputs, { host: [dims], donated }) => {
      let region = fills.find(inputs, dims.data);
      if (region === undefined) {
        const [value] = inputs;
        if (value.shape.length > 0)
          throw new RangeError(`Fill: expected a scalar value, got shape ${showShape(value.shape)}.`);
        region = fills.add(
          inputs,
          bindRegion(cpu, 'Fill', input(0, value.dtype), inputs, Array.from(dims.data)),
          dims.data,
        );
      }
      return runRegion(cpu, region, inputs, donated);
    },
    range: (_, { attrs: { dtype }, host: [start, limit, delta] }) =>
      handles.upload(range(dtype, start.data[0], limit.data[0], delta.data[0])),
    oneHot: ([indices, on, off], { attrs: { axis }, host }) => {
      const depth = host[0].data[0];
      const shape = [...indices.shape.slice(0, axis), depth, ...indices.shape.slice(axis)];
      const size = elementSize(on.dtype);
      const out = handles.allocate(on.dtype, shape, sizeOf(shape) * size);
      const outer = sizeOf(indices.shape.slice(0, axis));
      const inner = sizeOf(indices.shape.slice(axis));
      oneHot[size](
        indices.buffer.address,
        on.buffer.address,
        off.buffer.address,
        out.buffer.address,
        outer,
        depth,
        inner,
      );
      return out;
    },
  });
}

function range(dtype: DType, start: number, limit: number, delta: number): HostTensor {
  if (delta === 0) throw new RangeError('Range: delta is 0, expected another step.');
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  const data = allocate(dtype, length);
  for (let i = 0; i < length; i++) data[i] = start + i * delta;
  return { dtype, shape: [length], data };
}
