import { type Op, mixed, sameShape, shape } from '@tensorloom/graph';
import { type Kernel, inOrder, outputsOf } from '@tensorloom/runtime';
import type { Handle, Handles } from '../handles.js';
import { described } from '../kernel.js';

/** The ops whose result always holds the elements of their first input, in the same order. */
export const always: readonly Op[] = [shape.reshape, shape.expandDims, shape.squeeze];
/** Those that are like that when shape and dtype stay as they were. */
const sometimes: readonly Op[] = [shape.broadcastTo, shape.sumTo, mixed.cast];

/** Kernels that return their input in another shape instead of copying it; where an op does more, `kernel` of it runs. */
export const aliasKernels = (handles: Handles, kernels: ReadonlyMap<Op, Kernel<Handle>>): [Op, Kernel<Handle>][] =>
  [...always, ...sometimes].map((op) => [op, alias(op, handles, kernels.get(op))]);

const alias =
  (op: Op, handles: Handles, otherwise: Kernel<Handle> | undefined): Kernel<Handle> =>
  (inputs, call) => {
    const [x] = inputs;
    const [to] = outputsOf(op, inOrder(op, inputs.map(described), call.host), call.attrs);
    if (always.includes(op) || (sameShape(to.shape, x.shape) && to.dtype === x.dtype))
      return handles.retain(x, to.shape);
    if (otherwise === undefined) throw new Error(`gpujs: no kernel for ${op.name}.`);
    return otherwise(inputs, call);
  };
