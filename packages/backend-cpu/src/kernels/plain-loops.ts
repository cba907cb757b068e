import { type Op, allocate, bytesPerElement, sizeOf } from '@tensorloom/graph';
import { type HostLoops, type HostTensor, type Kernel, hostLoops, inOrder, outputsOf } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import type { CpuBuffer, CpuTensor } from '../handles.js';

/**
 * The kernel that runs an op's plain loops in place, on views of the memory: for ops that mostly compare or move. With `overFirst` the
 * loops start from a copy of the first input, so that the result may lie over it.
 */
export function plainLoops<A>(
  { handles, memory }: Pick<Cpu, 'handles' | 'memory'>,
  op: Op<A>,
  loops: HostLoops<A> | undefined = hostLoops.get(op),
  overFirst = false,
): Kernel<CpuBuffer, A> {
  if (loops === undefined) throw new Error(`cpu: ${op.name} has no plain loops.`);
  const view = ({ dtype, shape, buffer }: CpuTensor): HostTensor => {
    const start = buffer.address / bytesPerElement(dtype);
    return { dtype, shape, data: memory.views[dtype].subarray(start, start + sizeOf(shape)) };
  };
  const unread = ({ dtype, shape }: CpuTensor): HostTensor => ({ dtype, shape, data: allocate(dtype, 0) });
  return (inputs, { attrs, host, donated }) => {
    // Results first, because making them may grow the memory, which replaces its views.
    const specs = outputsOf(op, inOrder(op, inputs.map(unread), host), attrs);
    const replaces = overFirst && donated[0] && handles.isOnly(inputs[0]);
    const out = specs.map(({ dtype, shape }) =>
      replaces
        ? handles.view(inputs[0], dtype, shape)
        : handles.allocate(dtype, shape, sizeOf(shape) * bytesPerElement(dtype)),
    );
    const results = out.map(view);
    try {
      if (!overFirst) results.forEach(({ data }) => data.fill(0));
      loops(inOrder(op, inputs.map(view), host), results, attrs);
    } catch (e) {
      out.forEach((y) => handles.free(y));
      throw e;
    }
    return out;
  };
}
