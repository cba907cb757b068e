import * as tf from '@tensorflow/tfjs-core';
import { type AttrsOf, type Family, type Op, sizeOf } from '@tensorloom/graph';
import {
  type DeviceTensor,
  type HostTensor,
  type Kernel,
  type KernelCall,
  type MaybePromise,
  hostKernels,
  inOrder,
  outputsOf,
} from '@tensorloom/runtime';
import { type EngineName, activate, reads } from './engine.js';
import { type Handle, type Handles, type HeldDType, fromHost, isHeld } from './handles.js';
import { dtypeOf, hostReason } from './host-reason.js';

/** A kernel on tfjs's own tensors; what it makes on the way is disposed of. */
export type TensorKernel<A = unknown> = (
  inputs: readonly tf.Tensor[],
  call: Pick<KernelCall<A>, 'attrs' | 'host'>,
) => tf.Tensor | tf.Tensor[];

/** The kernels of one family, under the family's keys. */
export type TensorKernels<F extends Family> = { readonly [K in keyof F]?: TensorKernel<AttrsOf<F[K]>> };

/** The kernels of one family as entries of a table. */
export function tensorKernels<F extends Family>(family: F, kernels: TensorKernels<F>): [Op, TensorKernel][] {
  // The table's type has matched attributes to ops; a map over all ops cannot say that.
  const untyped = kernels as Readonly<Record<string, TensorKernel>>;
  return Object.entries(untyped).map(([key, kernel]) => [family[key], kernel]);
}

/**
 * The kernel of a backend that runs `kernel` on its engine; in host memory what the engine cannot do exactly, see `hostReason`, and
 * empty tensors, which engines treat unevenly. It is not asked for results without elements.
 */
export const onEngine =
  (op: Op, kernel: TensorKernel | undefined, handles: Handles): Kernel<Handle> =>
  (inputs, { attrs, host }) => {
    activate(handles.engine);
    const unread = inputs.map(({ dtype, shape }) => ({ dtype, shape, data: new Uint8Array(0) }));
    const outputs = outputsOf(op, inOrder(op, unread, host), attrs);
    const wrap = (made: readonly tf.Tensor[]): DeviceTensor<Handle> | readonly DeviceTensor<Handle>[] =>
      made.length === 1 ? handles.wrap(made[0]) : made.map((t) => handles.wrap(t));
    if (outputs.every(({ shape }) => sizeOf(shape) === 0)) return wrap(outputs.map(empty));
    const tensors = inputs.map((x) => handles.tensor(x));
    const hosted =
      kernel === undefined ||
      tensors.some((t) => t.size === 0) ||
      hostReason(handles.engine, op, dtypeOf(op, unread, attrs)) !== undefined;
    if (!hosted) return wrap(tidied(kernel, tensors, { attrs, host }));
    const made = onHost(op, tensors, { attrs, host }, handles.engine);
    return made instanceof Promise ? made.then(wrap) : wrap(made);
  };

/** What a kernel gives, as tensors of their own; what it made on the way is disposed of. */
export const tidied = <A>(
  kernel: TensorKernel<A>,
  tensors: readonly tf.Tensor[],
  call: Parameters<TensorKernel<A>>[1],
): tf.Tensor[] => tf.tidy(() => [kernel(tensors, call)].flat().map((t) => (tensors.includes(t) ? t.clone() : t)));

/** A tensor without elements. */
export const empty = ({ dtype, shape }: Omit<HostTensor, 'data'>): tf.Tensor =>
  fromHost({ dtype, shape, data: new Float32Array(0) });

/** An op computed in host memory by the runtime's own loops. */
function onHost(
  op: Op,
  inputs: readonly tf.Tensor[],
  { attrs, host }: Pick<KernelCall, 'attrs' | 'host'>,
  engine: EngineName,
): MaybePromise<tf.Tensor[]> {
  const run = hostKernels.get(op);
  if (run === undefined) throw new Error(`${op.name}: no host kernel.`);
  const compute = (fetched: readonly HostTensor[]): tf.Tensor[] => {
    activate(engine);
    return run(inOrder(op, fetched, host), attrs).map(fromHost);
  };
  if (reads[engine] === 'at once') return compute(inputs.map((t) => hostTensor(t, t.dataSync<'float32'>())));
  return Promise.all(inputs.map(async (t) => hostTensor(t, await t.data<'float32'>()))).then(compute);
}

/** A tensor of tfjs whose elements have been read. */
const hostTensor = ({ dtype, shape }: tf.Tensor, data: HostTensor['data']): HostTensor => ({
  dtype: held(dtype),
  shape,
  data,
});

/** A dtype that came from tfjs. Throws unless it is one that backends hold. */
function held(dtype: string): HeldDType {
  if (isHeld(dtype)) return dtype;
  throw new TypeError(`tfjs: a tensor of ${dtype}, expected float32, int32 or bool.`);
}
