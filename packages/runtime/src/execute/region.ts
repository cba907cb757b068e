import { type Node, GraphError, explain, messageOf, showShape, tensorSpec } from '@tensorloom/graph';
import type { Backend, DeviceTensor, Kernel } from '../backend.js';
import { kernelFor } from '../foreign.js';
import type { FusedAttrs } from '../lower/fuse.js';
import { type Run, drive, settle, single } from './machine.js';

/** The kernel of a fused region: the backend's own, or its kernels one after the other where it would rather not make one. */
export function regionKernel(backend: Backend, attrs: FusedAttrs): Kernel<unknown> {
  const own = backend.fuse?.(attrs.region);
  const run: Kernel<unknown> = own ?? ((inputs) => drive(oneByOne(backend, attrs, inputs)));
  return (inputs, call) => {
    try {
      return run(inputs, call);
    } catch (e) {
      checkShapes(attrs, inputs);
      throw e;
    }
  };
}

function* oneByOne(
  backend: Backend,
  { region: { steps } }: FusedAttrs,
  inputs: readonly DeviceTensor[],
): Run<DeviceTensor> {
  const values = [...inputs];
  try {
    for (const { op, attrs, operands } of steps) {
      const kernel = kernelFor(backend, op);
      if (kernel === undefined) throw new Error(`${op.name}: backend '${backend.name}' has no kernel for this op.`);
      const given = operands.map((k) => values[k]);
      values.push(single(yield* settle(kernel(given, { attrs, host: [], donated: given.map(() => false) }))));
    }
    return backend.retain(values[values.length - 1]);
  } finally {
    for (const v of values.slice(inputs.length)) backend.free(v);
  }
}

/** Throws the error of the step whose operands do not fit together, as it would be without fusing. */
function checkShapes({ region: { steps }, origins }: FusedAttrs, inputs: readonly DeviceTensor[]): void {
  const shapes: { readonly dtype: DeviceTensor['dtype']; readonly shape: readonly (number | null)[] | undefined }[] = [
    ...inputs,
  ];
  steps.forEach(({ operands }, i) => {
    const given = operands.map((k) => ({ spec: tensorSpec(shapes[k].dtype, shapes[k].shape), value: undefined }));
    try {
      const [spec] = origins[i].op.infer(given, origins[i].attrs);
      shapes.push({ dtype: spec.dtype, shape: spec.kind === 'tensor' ? spec.shape : undefined });
    } catch (e) {
      throw failure(
        e,
        origins[i],
        operands.map((k) => shapes[k]),
      );
    }
  });
}

const failure = (
  e: unknown,
  node: Node,
  operands: readonly { readonly dtype: string; readonly shape: readonly (number | null)[] | undefined }[],
): GraphError => {
  const inputs = operands.map(({ dtype, shape }, k) => `${node.inputs[k].name} ${dtype}${showShape(shape)}`);
  const where = `'${node.name}' = ${node.op.name}(${inputs.join(', ')})`;
  return new GraphError(explain(messageOf(e), where, node.location), { cause: e });
};
