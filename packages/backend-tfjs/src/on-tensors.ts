import { sizeOf } from '@tensorloom/graph';
import { type Backend, type BackendKernel, type Kernel, inOrder, outputsOf } from '@tensorloom/runtime';
import { activate } from './engine.js';
import { Handle, type Handles } from './handles.js';
import { type TensorKernel, empty, tidied } from './kernel.js';

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
      const made = outputs.every(({ shape }) => sizeOf(shape) === 0)
        ? outputs.map(empty)
        : tidied(
            run,
            inputs.map((x) => handles.tensor(x)),
            { attrs, host },
          );
      return made.map((t) => handles.wrap(t));
    };
  };

/** The handles of a backend, which every tensor of it knows. Throws `TypeError` when it is not of this package. */
function handlesOf(backend: Backend): Handles {
  const any = backend.upload({ dtype: 'bool', shape: [], data: new Uint8Array(1) });
  backend.free(any);
  if (any.buffer instanceof Handle) return any.buffer.owner;
  throw new TypeError(
    `tfjs: onTensors() makes kernels for backends of tfjs, got '${backend.name}'. Put it under the key 'tfjs'.`,
  );
}
