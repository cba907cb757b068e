import type { Backend, BackendKernel, HostLoops } from '@tensorloom/runtime';
import { Handles } from './handles.js';
import { plainLoops } from './kernels/plain-loops.js';

/**
 * The kernel of an op of one's own on this backend: `fill` gets its inputs and its outputs, zeroed and of the shapes that the op
 * infers, as views of the backend's memory; nothing is copied. An entry for `defineOp`'s kernels.
 */
export const loops =
  <A>(fill: HostLoops<A>): BackendKernel<A> =>
  (backend, op) => {
    const handles = handlesOf(backend);
    return plainLoops({ handles, memory: handles.memory }, op, fill);
  };

/** The handles of a backend, which every tensor of it knows. Throws `TypeError` when it is not of this package. */
function handlesOf(backend: Backend): Handles {
  const any = backend.upload({ dtype: 'bool', shape: [], data: new Uint8Array(1) });
  backend.free(any);
  const { buffer } = any;
  if (typeof buffer === 'object' && buffer !== null && 'owner' in buffer && buffer.owner instanceof Handles)
    return buffer.owner;
  throw new TypeError(
    `cpu: loops() makes kernels for backend 'cpu', got '${backend.name}'. Put it under the key 'cpu'.`,
  );
}
