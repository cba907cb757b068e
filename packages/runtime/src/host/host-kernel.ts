import { type AttrsOf, type Family, type Op, allocate, isKnown, showSpec, sizeOf, tensorSpec } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';

/** What an op does, in host memory: from all its inputs, in order, to its outputs. A pure function. Throws when the inputs do not fit together. */
export type HostKernel<A = unknown> = (inputs: readonly HostTensor[], attrs: A) => readonly HostTensor[];

/** The loops of a host kernel: fills `outputs`, zeroed tensors of the dtypes and shapes that the op infers. */
export type HostLoops<A = unknown> = (inputs: readonly HostTensor[], outputs: readonly HostTensor[], attrs: A) => void;

/** The host kernel with these loops. */
export const hostKernel =
  (op: Op, loops: HostLoops): HostKernel =>
  (inputs, attrs) => {
    const outputs = outputsOf(op, inputs, attrs).map(({ dtype, shape }) => ({
      dtype,
      shape,
      data: allocate(dtype, sizeOf(shape)),
    }));
    loops(inputs, outputs, attrs);
    return outputs;
  };

/** Loops for a whole family, under the family's keys. */
export function hostLoopsOf<F extends Family>(
  family: F,
  loops: { readonly [K in keyof F]: HostLoops<AttrsOf<F[K]>> },
): [Op, HostLoops][] {
  // The table's type has matched attributes to ops; a map over all ops cannot say that.
  const untyped = loops as Readonly<Record<string, HostLoops>>;
  return Object.entries(untyped).map(([key, run]) => [family[key], run]);
}

/** What comes out of an op, by its own inference, which also checks the inputs: here every shape and host value is known to it. */
export function outputsOf(op: Op, inputs: readonly HostTensor[], attrs: unknown): readonly Omit<HostTensor, 'data'>[] {
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
    return { dtype: spec.dtype, shape: spec.shape };
  });
}

/** All inputs of an op in its order: those that live on a device, those on the host among them. */
export function inOrder<T>(op: Op, device: readonly T[], host: readonly T[]): readonly T[] {
  return Array.from({ length: device.length + host.length }, (_, i) => {
    const k = op.hostInputs.indexOf(i);
    return k < 0 ? device[i - op.hostInputs.filter((h) => h < i).length] : host[k];
  });
}
