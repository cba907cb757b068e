import { type AttrsOf, type Family, type Op, allocate, isKnown, showSpec, sizeOf, tensorSpec } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';

/** What an op does, in host memory: from all its inputs, in order, to its outputs. A pure function. Throws when the inputs do not fit together. */
export type HostKernel<A = unknown> = (inputs: readonly HostTensor[], attrs: A) => readonly HostTensor[];

/** The loops of a host kernel: fills `outputs`, zeroed tensors of the dtypes and shapes that the op infers. */
export type HostLoops<A = unknown> = (inputs: readonly HostTensor[], outputs: readonly HostTensor[], attrs: A) => void;

/** An entry of the table of host kernels. */
export const hostKernel = (op: Op, loops: HostLoops): [Op, HostKernel] => [
  op,
  (inputs, attrs) => {
    const outputs = emptyOutputs(op, inputs, attrs);
    loops(inputs, outputs, attrs);
    return outputs;
  },
];

/** Host kernels for a whole family, under the family's keys. */
export function hostKernelsOf<F extends Family>(
  family: F,
  loops: { readonly [K in keyof F]: HostLoops<AttrsOf<F[K]>> },
): [Op, HostKernel][] {
  // The table's type has matched attributes to ops; a map over all ops cannot say that.
  const untyped = loops as Readonly<Record<string, HostLoops>>;
  return Object.entries(untyped).map(([key, run]) => hostKernel(family[key], run));
}

/** The op's own inference, which also checks the inputs, says what comes out: here every shape and host value is known to it. */
function emptyOutputs(op: Op, inputs: readonly HostTensor[], attrs: unknown): readonly HostTensor[] {
  const known = inputs.map(({ dtype, shape, data }, i) => ({
    spec: tensorSpec(dtype, shape),
    value: op.hostInputs.includes(i) ? Array.from(data) : undefined,
  }));
  return op.infer(known, attrs).map((spec) => {
    if (spec.kind === 'list' || !isKnown(spec.shape) || spec.shape.some((d) => d < 0)) {
      throw new RangeError(
        `${op.name}: the inputs do not fit together: expected them to give a whole shape, got ${showSpec(spec)}. Check shapes, sizes and axes.`,
      );
    }
    return { dtype: spec.dtype, shape: spec.shape, data: allocate(spec.dtype, sizeOf(spec.shape)) };
  });
}
