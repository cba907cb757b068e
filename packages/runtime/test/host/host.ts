import {
  type DType,
  type HostValue,
  NDArray,
  type NestedArray,
  type Op,
  materialize,
  readLiteral,
} from '@tensorloom/graph';
import { hostKernels } from '../../src/host/index.js';

/** A tensor of a dtype, written as nested arrays. */
export const tensor = (dtype: DType, value: HostValue): NDArray => materialize(readLiteral(value, 'tensor'), dtype);

/** A tensor of a shape from its elements. */
export const filled = (dtype: DType, shape: readonly number[], elements: readonly number[]): NDArray =>
  tensor(dtype, { shape, data: elements });

/** The outputs of an op on the host. */
export function run<A>(op: Op<A>, inputs: readonly NDArray[], attrs: A): NDArray[] {
  const kernel = hostKernels.get(op);
  if (kernel === undefined) throw new Error(`no host kernel for ${op.name}`);
  return kernel(inputs, attrs).map((y) => new NDArray(y.dtype, y.shape, y.data));
}

/** The first output, as nested arrays. */
export const result = <A>(op: Op<A>, inputs: readonly NDArray[], attrs: A): NestedArray =>
  run(op, inputs, attrs)[0].toArray();

/** Every index of a shape, in row-major order. */
export const indices = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (all, length) => all.flatMap((index) => Array.from({ length }, (_, k) => [...index, k])),
    [[]],
  );
