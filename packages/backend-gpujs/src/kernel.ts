import { type AttrsOf, type Family, type Op, sizeOf } from '@tensorloom/graph';
import {
  type HostKernel,
  type HostTensor,
  type Kernel,
  type MaybePromise,
  hostKernels,
  inOrder,
  outputsOf,
} from '@tensorloom/runtime';
import type { KernelCache } from './kernel-cache.js';
import type { GpujsTensor, Handle, Handles } from './handles.js';
import type { Launch } from './launch.js';

/** How an op computes its one float32 result, of shape `y`; neither it nor the inputs are empty. They are float32, too, or a Select's bool condition. */
export type Plan<A = unknown> = (inputs: readonly HostTensor[], y: readonly number[], attrs: A) => Launch;

/** Plans of one family, under the family's keys, as entries of a table. */
export function plansOf<F extends Family>(
  family: F,
  plans: { readonly [K in keyof F]?: Plan<AttrsOf<F[K]>> },
): [Op, Plan][] {
  // The table's type has matched attributes to ops; a map over all ops cannot say that.
  const untyped = plans as Readonly<Record<string, Plan>>;
  return Object.entries(untyped).map(([key, plan]) => [family[key], plan]);
}

/** The runtime's own loops for an op: exact, in host memory. */
export function onHost(op: Op): HostKernel {
  const kernel = hostKernels.get(op);
  if (kernel === undefined) throw new Error(`gpujs: ${op.name} has no host kernel.`);
  return kernel;
}

/** A tensor moved, on the host, by an op with one result. */
export const moved = (op: Op, inputs: readonly HostTensor[], attrs: unknown = {}): HostTensor =>
  onHost(op)(inputs, attrs)[0];

/** The elements of a tensor as a kernel of gpu.js takes them. */
export const floatsOf = ({ data }: HostTensor): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data);

/** A kernel that computes in host memory: what only moves elements, integers and booleans. */
export const hostKernel =
  (op: Op, handles: Handles): Kernel<Handle> =>
  (inputs, { attrs, host }) =>
    onHost(op)(
      inOrder(
        op,
        inputs.map((x) => handles.read(x)),
        host,
      ),
      attrs,
    ).map((y) => handles.hold(y));

/** A kernel that computes float32 by gpu.js, and everything else, also empty tensors, on the host. */
export const gpuKernel =
  (op: Op, plan: Plan, handles: Handles, kernels: KernelCache): Kernel<Handle> =>
  (inputs, call) => {
    const device = inputs.map((x) => handles.read(x));
    const all = inOrder(op, device, call.host);
    const [{ dtype, shape }] = outputsOf(op, all, call.attrs);
    if (dtype !== 'float32' || [shape, ...device.map((x) => x.shape)].some((s) => sizeOf(s) === 0))
      return hostKernel(op, handles)(inputs, call);
    const hold = (data: Float32Array): GpujsTensor => handles.hold({ dtype, shape, data });
    return then(kernels.run(plan(all, shape, call.attrs), sizeOf(shape)), hold);
  };

const then = <A, B>(value: MaybePromise<A>, f: (value: A) => B): MaybePromise<B> =>
  value instanceof Promise ? value.then(f) : f(value);
