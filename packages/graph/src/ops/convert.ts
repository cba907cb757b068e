import { apply1 } from '../context.js';
import { type DType, type TypedArray, toTypedArray } from '../dtype.js';
import { Const } from '../graph.js';
import { type HostValue, isHostValue, readLiteral } from '../ndarray.js';
import { tensorSpec } from '../spec.js';
import { type Tensor, isTensor } from '../tensor.js';
import type { Variable } from '../variable.js';

/** Whether `x` is a variable; by its mark, because variables import this module. */
export const isVariable = (x: unknown): x is Variable =>
  typeof x === 'object' && x !== null && 'kind' in x && x.kind === 'variable';

/** Whatever can be an operand: a tensor, a variable, a number, nested arrays, a typed array, an `NDArray`. */
export type TensorLike = Tensor | Variable | HostValue;

/** `x` as a tensor of the current graph; a literal takes `dtype` when given. Throws `TypeError` when `x` cannot be one. */
export function toTensor(x: TensorLike, dtype?: DType, op = 'toTensor'): Tensor {
  if (isTensor(x)) return x;
  if (isVariable(x)) return x.value();
  if (!isHostValue(x)) {
    throw new TypeError(
      `${op}: expected a tensor, a variable, a number or nested arrays of numbers, got ${describe(x)}.`,
    );
  }
  const literal = readLiteral(x, op);
  const type = dtype ?? literal.dtype;
  return constantOf(type, literal.shape, toTypedArray(type, literal.data));
}

/** The operands of one op as tensors; number literals take the dtype of the first operand that has one of its own. */
export function toTensors(op: string, xs: readonly TensorLike[]): readonly Tensor[] {
  const dtype = xs.map(ownDType).find((d) => d !== undefined);
  return xs.map((x) => toTensor(x, ownDType(x) === undefined && !isBoolean(x) ? dtype : undefined, op));
}

/** The dtype that `x` insists on; number literals do not. */
function ownDType(x: TensorLike): DType | undefined {
  if (isTensor(x) || isVariable(x)) return x.dtype;
  if (ArrayBuffer.isView(x) || (typeof x === 'object' && 'data' in x)) return readLiteral(x, 'dtype').dtype;
  return undefined;
}

const isBoolean = (x: TensorLike): boolean => (Array.isArray(x) ? isBoolean(x[0]) : typeof x === 'boolean');

/** An int32 operand such as a shape or an index. */
export const toInts = (x: TensorLike, op: string): Tensor => toTensor(x, 'int32', op);

const describe = (x: unknown): string =>
  x === null
    ? 'null'
    : typeof x === 'object'
      ? `an object of class ${x.constructor?.name ?? 'none'}`
      : x === undefined
        ? 'undefined'
        : `a ${typeof x}`;

/** A constant holding `data`, which must not be changed afterwards. */
export const constantOf = (dtype: DType, shape: readonly number[], data: TypedArray, name = 'Const'): Tensor =>
  apply1(Const, [], { spec: tensorSpec(dtype, shape), data }, name);
