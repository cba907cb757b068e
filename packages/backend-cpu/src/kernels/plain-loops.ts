import { type Op, allocate, bytesPerElement, sizeOf } from '@tensorloom/graph';
import { type HostLoops, type HostTensor, type Kernel, hostLoops, inOrder, outputsOf } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import type { CpuBuffer, CpuTensor } from '../handles.js';

/** The kernel that runs an op's plain loops in place, on views of the memory: for ops that mostly compare or move. */
export function plainLoops<A>(
  { handles, memory }: Pick<Cpu, 'handles' | 'memory'>,
  op: Op<A>,
  loops: HostLoops<A> | undefined = hostLoops.get(op),
): Kernel<CpuBuffer, A> {
  if (loops === undefined) throw new Error(`cpu: ${op.name} has no plain loops.`);
  const view = ({ dtype, shape, buffer }: CpuTensor): HostTensor => {
    const start = buffer.address / bytesPerElement(dtype);
    return { dtype, shape, data: memory.views[dtype].subarray(start, start + sizeOf(shape)) };
  };
  const unread = ({ dtype, shape }: CpuTensor): HostTensor => ({ dtype, shape, data: allocate(dtype, 0) });
  return (inputs, { attrs, host }) => {
    // Results first, because making them may grow the memory, which replaces its views.
    const out = outputsOf(op, inOrder(op, inputs.map(unread), host), attrs).map(({ dtype, shape }) =>
      handles.allocate(dtype, shape, sizeOf(shape) * bytesPerElement(dtype)),
    );
    const results = out.map(view);
    try {
      results.forEach(({ data }) => data.fill(0));
      loops(inOrder(op, inputs.map(view), host), results, attrs);
    } catch (e) {
      out.forEach((y) => handles.free(y));
      throw e;
    }
    return out;
  };
}
