import type { Op } from '@tensorloom/graph';
import { type Backend, type HostKernel, type Kernel, hostKernels, inOrder } from '@tensorloom/runtime';
import { Handles } from './handles.js';

/**
 * A new reference backend: every op in plain loops, floats computed in double precision and rounded once. Obvious, slow and
 * synchronous; the oracle that other backends are compared with. Freeing a handle twice throws.
 */
export function reference(): Backend {
  const handles = new Handles();
  return {
    name: 'reference',
    description: 'plain loops in JavaScript, computing in double precision',
    dtypes: new Set(['float32', 'float64', 'int32', 'bool']),
    kernels: new Map(Array.from(hostKernels, ([op, run]) => [op, onHandles(op, run, handles)])),
    upload: ({ dtype, shape, data }) => handles.hold({ dtype, shape, data: data.slice() }),
    download(x) {
      const { dtype, shape, data } = handles.read(x);
      return { dtype, shape, data: data.slice() };
    },
    retain: (x) => handles.retain(x),
    free: (x) => handles.free(x),
    stats: () => handles.stats(),
    dispose: () => handles.clear(),
  };
}

/** A host kernel on handles. It wants all inputs in the op's order, those on the host among them. */
const onHandles =
  (op: Op, run: HostKernel, handles: Handles): Kernel<unknown> =>
  (inputs, { attrs, host }) => {
    const device = inputs.map((x) => handles.read(x));
    return run(inOrder(op, device, host), attrs).map((y) => handles.hold(y));
  };
