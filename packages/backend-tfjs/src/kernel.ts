import * as tf from '@tensorflow/tfjs-core';
import type { AttrsOf, Family, Op } from '@tensorloom/graph';
import { type HostTensor, type Kernel, type KernelCall, hostKernels, inOrder } from '@tensorloom/runtime';
import { type EngineName, activate } from './engine.js';
import { type Handle, type Handles, fromHost } from './handles.js';

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

/** The kernel of a backend that runs `kernel` on one engine. Empty tensors, which engines treat unevenly, go through the host. */
export const onEngine =
  (op: Op, kernel: TensorKernel, engine: EngineName, handles: Handles): Kernel<Handle> =>
  (inputs, { attrs, host }) => {
    activate(engine);
    const tensors = inputs.map((x) => handles.tensor(x));
    const run = tensors.some((t) => t.size === 0) ? onHost(op) : kernel;
    const out = tf.tidy(() => [run(tensors, { attrs, host })].flat().map((t) => (tensors.includes(t) ? t.clone() : t)));
    const wrapped = out.map((t) => handles.wrap(t));
    return wrapped.length === 1 ? wrapped[0] : wrapped;
  };

/** An op computed in host memory by the runtime's own loops: for what an engine cannot do exactly. */
export const onHost =
  (op: Op): TensorKernel =>
  (inputs, { attrs, host }) => {
    const run = hostKernels.get(op);
    if (run === undefined) throw new Error(`${op.name}: no host kernel.`);
    return run(inOrder(op, inputs.map(read), host), attrs).map(fromHost);
  };

function read(t: tf.Tensor): HostTensor {
  const { dtype, shape } = t;
  if (dtype === 'bool' || dtype === 'int32' || dtype === 'float32')
    return { dtype, shape, data: t.dataSync<'float32'>() };
  throw new TypeError(`tfjs: cannot read ${dtype}.`);
}
