import { apply1 } from '../context.js';
import { type DType, type TypedArray, isFloating, toTypedArray } from '../dtype.js';
import { describe } from '../errors.js';
import { Const } from '../graph.js';
import { type HostValue, type Literal, isHostValue, readLiteral } from '../ndarray.js';
import { located, refuse } from '../node.js';
import { tensorSpec } from '../spec.js';
import { type Tensor, isTensor } from '../tensor.js';
import type { Variable } from '../variable.js';

/** Whether `x` is a variable; by its mark, because variables import this module. */
export const isVariable = (x: unknown): x is Variable =>
  typeof x === 'object' && x !== null && 'kind' in x && x.kind === 'variable';

/** Whatever can be an operand: a tensor, a variable, a number, nested arrays, a typed array, an `NDArray`. */
export type TensorLike = Tensor | Variable | HostValue;

/** `x` as a tensor of the current graph; a literal takes `dtype` when given. Throws a `GraphError` when `x` cannot be one. */
export function toTensor(x: TensorLike, dtype?: DType, op = 'toTensor'): Tensor {
  if (isTensor(x)) return x;
  if (isVariable(x)) return x.value();
  const literal = toLiteral(x, dtype, op);
  return constantOf(literal.dtype, literal.shape, literal.data);
}

/** A literal as `dtype` (default: its own), copied. Throws a `GraphError` when it is none, or its elements are not of that dtype. */
export function toLiteral(x: HostValue, dtype: DType | undefined, op: string): Literal & { readonly data: TypedArray } {
  if (!isHostValue(x)) {
    return refuse(
      op,
      `expected a tensor, a variable, a number or nested arrays of numbers, got ${describe(x)}. Pass one of those.`,
    );
  }
  const { dtype: own, shape, data } = located(op, () => readLiteral(x, op));
  const type = dtype ?? own;
  const misfit = type === own || isFloating(type) ? undefined : Array.from(data).find((v) => !fits(v, type));
  if (misfit !== undefined) {
    const expected = type === 'bool' ? 'true or false' : 'integers of 32 bits';
    return refuse(
      op,
      `${misfit} is not of dtype ${type}, expected ${expected}. Round the number, or cast() the other operand.`,
    );
  }
  return { dtype: type, shape, data: toTypedArray(type, data) };
}

/** Whether a number is an element of int32 or bool, as `dtype` says. */
const fits = (v: number, dtype: DType): boolean => (dtype === 'bool' ? v === 0 || v === 1 : v === (v | 0));

/** The operands of one op as tensors; number literals take the dtype of the first operand that has one of its own. */
export function toTensors(op: string, xs: readonly TensorLike[]): readonly Tensor[] {
  const dtype = xs.map((x) => ownDType(x, op)).find((d) => d !== undefined);
  return xs.map((x) => toTensor(x, ownDType(x, op) === undefined && !isBoolean(x) ? dtype : undefined, op));
}

/** The dtype that `x` insists on; number literals do not. */
function ownDType(x: TensorLike, op: string): DType | undefined {
  if (isTensor(x) || isVariable(x)) return x.dtype;
  if (typeof x === 'number' || typeof x === 'boolean' || Array.isArray(x) || !isHostValue(x)) return undefined;
  return located(op, () => readLiteral(x, op)).dtype;
}

const isBoolean = (x: unknown): boolean => (Array.isArray(x) ? isBoolean(x[0]) : typeof x === 'boolean');

/** An int32 operand such as a shape or an index. */
export const toInts = (x: TensorLike, op: string): Tensor => toTensor(x, 'int32', op);

/** A constant holding `data`, which must not be changed afterwards. */
export const constantOf = (dtype: DType, shape: readonly number[], data: TypedArray, name = 'Const'): Tensor =>
  apply1(Const, [], { spec: tensorSpec(dtype, shape), data }, name);
