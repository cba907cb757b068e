import { apply1 } from '../context.js';
import { type DType, allocate, isDType, isFloating, toTypedArray } from '../dtype.js';
import { Placeholder } from '../graph.js';
import type { HostValue } from '../ndarray.js';
import { refuse } from '../node.js';
import { type InputSpec, makeOp, tensorInput } from '../op.js';
import { nameScope } from '../scopes.js';
import { type Shape, compatible, showShape, sizeOf } from '../shape.js';
import { type TensorSpec, showSpec, tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { newAxisOf } from './axis.js';
import { type TensorLike, constantOf, toInts, toLiteral, toTensor, toTensors } from './convert.js';
import { type Named, add, cast, div, maximum, mul, sub } from './elementwise.js';
import { shapeOperand } from './shape-inference.js';
import { type ShapeLike, shapeOf, toShape } from './shape.js';

/** The family that makes tensors. */
export const create = {
  /** (shape, value): every element the scalar `value`. */
  fill: makeOp({
    name: 'Fill',
    hostInputs: [0],
    infer: ([dims, value]) => [tensorSpec(scalarInput('Fill', 'value', value).dtype, shapeOperand('Fill', dims))],
  }),
  /** (start, limit, delta): numbers from start up to, not including, limit. */
  range: makeOp<{ readonly dtype: DType }>({
    name: 'Range',
    hostInputs: [0, 1, 2],
    infer([a, b, d], { dtype }) {
      scalarInput('Range', 'start', a);
      scalarInput('Range', 'limit', b);
      scalarInput('Range', 'delta', d);
      if ([a, b, d].some(({ spec }) => spec.dtype === 'bool'))
        throw new TypeError('Range: expected numeric bounds, got bool. Use cast().');
      const [start, limit, delta] = [a, b, d].map(({ value }) => value?.[0] ?? null);
      if (delta === 0)
        throw new RangeError('Range: delta is 0, expected another step. Give one that leads to the limit.');
      const known = start !== null && limit !== null && delta !== null;
      return [tensorSpec(dtype, [known ? Math.max(0, Math.ceil((limit - start) / delta)) : null])];
    },
    show: ({ dtype }) => dtype,
  }),
  /** (indices, depth, on, off): a new axis with `on` at each index and `off` elsewhere. */
  oneHot: makeOp<{ readonly axis: number }>({
    name: 'OneHot',
    hostInputs: [1],
    infer([indices, depth, on, off], { axis }) {
      const { dtype, shape } = tensorInput('OneHot', indices);
      const [a, b] = [scalarInput('OneHot', 'onValue', on), scalarInput('OneHot', 'offValue', off)];
      const [length = null] = depth.value ?? [];
      if (scalarInput('OneHot', 'depth', depth).dtype !== 'int32' || dtype !== 'int32') {
        throw new TypeError(
          `OneHot: expected int32 indices and depth, got ${dtype} and ${depth.spec.dtype}. Use cast().`,
        );
      }
      if (length !== null && length < 0)
        throw new RangeError(`OneHot: depth is ${length}, expected an integer from 0. Give the number of classes.`);
      if (a.dtype !== b.dtype) {
        throw new TypeError(
          `OneHot: onValue and offValue differ in dtype: ${a.dtype} and ${b.dtype}. Use cast() on one of them.`,
        );
      }
      return [tensorSpec(a.dtype, shape && [...shape.slice(0, axis), length, ...shape.slice(axis)])];
    },
    show: ({ axis }) => `${axis}`,
  }),
};

/** The spec of an operand that must be a scalar. */
function scalarInput(op: string, what: string, input: InputSpec): TensorSpec {
  const spec = tensorInput(op, input);
  if (!compatible(spec.shape, [])) {
    throw new TypeError(`${op}: expected ${what} as a scalar, got ${showSpec(spec)}. Reshape it to [] or reduce it.`);
  }
  return spec;
}

/**
 * A tensor to be fed at every run: `shape` may hold `null` for unknown dimensions; none at all leaves the rank open.
 * Running what depends on it without feeding it is an error. TensorFlow: `tf.placeholder`.
 */
export function placeholder(dtype: DType, shape?: Shape | null, { name }: Named = {}): Tensor {
  if (!isDType(dtype)) {
    return refuse(
      'Placeholder',
      `'${String(dtype)}' is not a dtype, expected float32, float64, int32 or bool. Pass one of them.`,
    );
  }
  const bad = (shape ?? []).find((d) => d !== null && !(Number.isInteger(d) && d >= 0));
  if (bad !== undefined) {
    return refuse(
      'Placeholder',
      `${bad} is not a dimension, expected an integer from 0. Use null where only a run knows it.`,
    );
  }
  return apply1(Placeholder, [], { spec: tensorSpec(dtype, shape ? [...shape] : undefined) }, name);
}

/** A tensor known now: numbers are float32 unless `dtype` says otherwise; `shape` reshapes, and repeats a single number. TensorFlow: `tf.constant`. */
export function constant(
  value: HostValue,
  { dtype, shape, name }: Named & { dtype?: DType; shape?: readonly number[] } = {},
): Tensor {
  const literal = toLiteral(value, dtype, 'Const');
  const to = shape ?? literal.shape;
  const size = sizeOf(to);
  const data =
    literal.data.length === 1 && size !== 1 ? allocate(literal.dtype, size).fill(literal.data[0]) : literal.data;
  if (data.length !== size) {
    return refuse(
      'Const',
      `shape ${showShape(to)} holds ${size} elements, got ${data.length}. Give the shape of the data.`,
    );
  }
  return constantOf(literal.dtype, [...to], data, name);
}

/** Every element of the given shape `value`. TensorFlow: `tf.fill`. */
export const fill = (dims: ShapeLike, value: TensorLike, { name }: Named = {}): Tensor =>
  apply1(create.fill, [toShape(dims, 'Fill'), toTensor(value, undefined, 'Fill')], {}, name);

const filled = (dims: ShapeLike, value: number, dtype: DType, name: string): Tensor =>
  apply1(create.fill, [toShape(dims, 'Fill'), constantOf(dtype, [], toTypedArray(dtype, [value]))], {}, name);

/** Zeros (false for bool). TensorFlow: `tf.zeros`. */
export const zeros = (dims: ShapeLike, { dtype = 'float32', name = 'zeros' }: Named & { dtype?: DType } = {}): Tensor =>
  filled(dims, 0, dtype, name);
/** Ones (true for bool). TensorFlow: `tf.ones`. */
export const ones = (dims: ShapeLike, { dtype = 'float32', name = 'ones' }: Named & { dtype?: DType } = {}): Tensor =>
  filled(dims, 1, dtype, name);
const likeOf = (x: TensorLike, value: number, dtype: DType | undefined, name: string): Tensor => {
  const t = toTensor(x, undefined, name);
  return filled(shapeOf(t), value, dtype ?? t.dtype, name);
};
/** Zeros with the shape of x, and its dtype unless another is given. TensorFlow: `tf.zeros_like`. */
export const zerosLike = (x: TensorLike, { dtype, name = 'zeros_like' }: Named & { dtype?: DType } = {}): Tensor =>
  likeOf(x, 0, dtype, name);
/** Ones with the shape of x, and its dtype unless another is given. TensorFlow: `tf.ones_like`. */
export const onesLike = (x: TensorLike, { dtype, name = 'ones_like' }: Named & { dtype?: DType } = {}): Tensor =>
  likeOf(x, 1, dtype, name);

/**
 * Numbers from `start` in steps of `delta` up to, not including, `limit`; with one argument, from 0 up to it.
 * int32 when the literals are integers. TensorFlow: `tf.range`.
 */
export function range(
  start: TensorLike,
  limit?: TensorLike,
  delta: TensorLike = 1,
  { dtype, name = 'range' }: Named & { dtype?: DType } = {},
): Tensor {
  const bounds = limit === undefined ? [0, start, delta] : [start, limit, delta];
  const own = dtype ?? (bounds.every((b) => Number.isInteger(b)) ? 'int32' : undefined);
  const ts = own === undefined ? toTensors('Range', bounds) : bounds.map((b) => toTensor(b, own, 'Range'));
  return apply1(create.range, ts, { dtype: own ?? ts.find((t) => isFloating(t.dtype))?.dtype ?? ts[0].dtype }, name);
}

/**
 * `num` numbers from `start` to `stop`, both included, equally far apart; float32 unless a bound is a float64 tensor. TensorFlow:
 * `tf.linspace`.
 */
export function linspace(
  start: TensorLike,
  stop: TensorLike,
  num: TensorLike,
  { name = 'LinSpace' }: Named = {},
): Tensor {
  return nameScope(name, () => {
    const [from, to] = toTensors('LinSpace', [start, stop]);
    const count = toInts(num, 'LinSpace');
    const steps = cast(maximum(sub(count, 1), 1), from.dtype);
    return add(from, mul(cast(range(count), from.dtype), div(sub(to, from), steps)));
  });
}

/** Options of `oneHot`. */
export interface OneHotOptions extends Named {
  /** Default 1. */
  readonly onValue?: TensorLike;
  /** Default 0. */
  readonly offValue?: TensorLike;
  /** Where the new axis goes; default last. */
  readonly axis?: number;
  /** Default: that of a value that is a tensor, else float32. */
  readonly dtype?: DType;
}

/**
 * A new axis of length `depth` (last by default) with `onValue` at each index and `offValue` elsewhere; an index out of range
 * gives a row of `offValue`. TensorFlow: `tf.one_hot`.
 */
export function oneHot(
  indices: TensorLike,
  depth: TensorLike,
  { onValue = 1, offValue = 0, axis = -1, dtype, name = 'one_hot' }: OneHotOptions = {},
): Tensor {
  const t = toInts(indices, 'OneHot');
  const values = [onValue, offValue];
  const [on, off] = dtype === undefined ? toTensors('OneHot', values) : values.map((v) => toTensor(v, dtype, 'OneHot'));
  return apply1(create.oneHot, [t, toInts(depth, 'OneHot'), on, off], { axis: newAxisOf('OneHot', t, axis) }, name);
}

/** The functions of this file that are methods of tensors. */
export const createMethods = { zerosLike, onesLike, oneHot };
