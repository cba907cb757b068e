import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '@tensorloom/graph';
import { type Backend, type BackendKernel, type Kernel, inOrder, outputsOf } from '@tensorloom/runtime';
import { activate } from './engine.js';
import { Handle, type Handles, fromHost } from './handles.js';
import type { TensorKernel } from './kernel.js';

/**
 * The kernel of an op of one's own on this backend, in terms of tfjs: from the tensors of its device inputs to the tensor or tensors
 * it gives; what is made on the way is disposed of. It is not asked for results without elements. An entry for `defineOp`'s kernels.
 */
export const onTensors =
  <A>(run: TensorKernel<A>): BackendKernel<A> =>
  (backend, op): Kernel<Handle, A> => {
    const handles = handlesOf(backend);
    return (inputs, { attrs, host }) => {
      activate(handles.engine);
      const unread = inputs.map(({ dtype, shape }) => ({ dtype, shape, data: new Uint8Array(0) }));
      const outputs = outputsOf(op, inOrder(op, unread, host), attrs);
      const made = tf.tidy(() => {
        if (outputs.every(({ shape }) => sizeOf(shape) === 0)) return outputs.map(empty);
        const tensors = inputs.map((x) => handles.tensor(x));
        return [run(tensors, { attrs, host })].flat().map((t) => (tensors.includes(t) ? t.clone() : t));
      });
      return made.map((t) => handles.wrap(t));
    };
  };

const empty = ({ dtype, shape }: ReturnType<typeof outputsOf>[number]): tf.Tensor =>
  fromHost({ dtype, shape, data: new Float32Array(0) });

/** The handles of a backend, which every tensor of it knows. Throws `TypeError` when it is not of this package. */
function handlesOf(backend: Backend): Handles {
  const any = backend.upload({ dtype: 'bool', shape: [], data: new Uint8Array(1) });
  backend.free(any);
  if (any.buffer instanceof Handle) return any.buffer.owner;
  throw new TypeError(
    `tfjs: onTensors() makes kernels for backends of tfjs, got '${backend.name}'. Put it under the key 'tfjs'.`,
  );
}
