import { type Structure, type Tensor, type TensorLike, flatten, isTensor, packLike, toTensor } from '@tensorloom/graph';

/** What a driver takes for a cell whose steps read `I`: tensors of more axes, in the same structure; for one tensor whatever becomes one. */
export type CellInputs<I extends Structure> = I | (Tensor extends I ? TensorLike : never);

/** Inputs as tensors, and what puts as many tensors in their structure. */
export interface InputTensors<I extends Structure> {
  readonly tensors: readonly Tensor[];
  readonly pack: (tensors: readonly Tensor[]) => I;
}

/** Inputs as tensors. Throws when a structure holds anything else. */
export function inputTensors<I extends Structure>(fn: string, inputs: CellInputs<I>): InputTensors<I> {
  const isNest = isStructure(inputs);
  const tensors = isNest ? flatten(inputs, isTensor, `${fn}: inputs`) : [toTensor(inputs as TensorLike, undefined, fn)];
  return { tensors, pack: (rows) => (isNest ? packLike(inputs, rows, isTensor) : rows[0]) as I };
}

/** Whether `x` is tensors in arrays or plain objects, rather than a tensor or what becomes one. */
function isStructure(x: unknown): boolean {
  if (typeof x !== 'object' || x === null || isTensor(x)) return false;
  const proto: unknown = Object.getPrototypeOf(x);
  if (!Array.isArray(x) && proto !== Object.prototype) return false;
  const first: unknown = Array.isArray(x) ? x[0] : Object.values(x)[0];
  return isTensor(first) || isStructure(first);
}
