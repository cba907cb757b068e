import { apply1 } from '../context.js';
import { type DType, isDType, isFloating, toTypedArray } from '../dtype.js';
import { Placeholder } from '../graph.js';
import { type HostValue, readLiteral } from '../ndarray.js';
import { makeOp, tensorInput } from '../op.js';
import { type Dim, type Shape, sizeOf } from '../shape.js';
import { showSpec, tensorSpec } from '../spec.js';
import { type Tensor, isTensor } from '../tensor.js';
import { type TensorLike, constantOf, toTensor, toTensors } from './convert.js';
import type { Named } from './elementwise.js';
import { shapeOf, toShape } from './shape.js';

/** The family that makes tensors. */
export const create = {
  /** (shape, value): every element the scalar `value`. */
  fill: makeOp({
    name: 'Fill',
    hostInputs: [0],
    infer([dims, value]) {
      const { dtype } = tensorInput('Fill', value);
      const rank = tensorInput('Fill', dims).shape?.[0];
      return [tensorSpec(dtype, dims.value ?? (rank == null ? undefined : Array.from({ length: rank }, () => null)))];
    },
  }),
  /** (start, limit, delta): numbers from start up to, not including, limit. */
  range: makeOp<{ readonly dtype: DType }>({
    name: 'Range',
    hostInputs: [0, 1, 2],
    infer([a, b, d], { dtype }) {
      if (d.value?.[0] === 0) throw new RangeError('Range: delta is 0, expected another step.');
      const [start, limit, delta] = [a, b, d].map(({ value }) => value?.[0] ?? null);
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
      const [a, b] = [tensorInput('OneHot', on), tensorInput('OneHot', off)];
      if (dtype !== 'int32' || a.dtype !== b.dtype)
        throw new TypeError(
          `OneHot: expected int32 indices and two values of one dtype, got ${dtype}, ${showSpec(a)} and ${showSpec(b)}.`,
        );
      return [tensorSpec(a.dtype, shape && [...shape.slice(0, axis), depth.value?.[0] ?? null, ...shape.slice(axis)])];
    },
    show: ({ axis }) => `${axis}`,
  }),
};

/**
 * A tensor to be fed at every run: `shape` may hold `null` for unknown dimensions; none at all leaves the rank open.
 * Running what depends on it without feeding it is an error. TensorFlow: `tf.placeholder`.
 */
export function placeholder(dtype: DType, shape?: Shape | null, { name }: Named = {}): Tensor {
  if (!isDType(dtype))
    throw new TypeError(`Placeholder: '${String(dtype)}' is not a dtype. Use float32, float64, int32 or bool.`);
  (shape ?? []).forEach((d) => {
    if (d !== null && !(Number.isInteger(d) && d >= 0))
      throw new TypeError(
        `Placeholder: ${String(d)} is not a dimension. Use a non-negative integer, or null for unknown.`,
      );
  });
  return apply1(Placeholder, [], { spec: tensorSpec(dtype, shape ?? undefined) }, name);
}

/** A tensor known now: numbers are float32 unless `dtype` says otherwise; `shape` reshapes, and repeats a single number. TensorFlow: `tf.constant`. */
export function constant(
  value: HostValue,
  { dtype, shape, name }: Named & { dtype?: DType; shape?: readonly number[] } = {},
): Tensor {
  const literal = readLiteral(value, 'Const');
  const type = dtype ?? literal.dtype;
  const to = shape ?? literal.shape;
  let data = toTypedArray(type, literal.data);
  if (data.length === 1 && sizeOf(to) !== 1)
    data = toTypedArray(type, new Float64Array(sizeOf(to)).fill(literal.data[0]));
  if (data.length !== sizeOf(to))
    throw new TypeError(`Const: shape [${to.join(',')}] holds ${sizeOf(to)} elements, got ${data.length}.`);
  return constantOf(type, to, data, name);
}

/** Every element of the given shape `value`. TensorFlow: `tf.fill`. */
export const fill = (dims: TensorLike | readonly (Dim | Tensor)[], value: TensorLike, { name }: Named = {}): Tensor =>
  apply1(create.fill, [toShape(dims, 'Fill'), toTensor(value, undefined, 'Fill')], {}, name);

type Dims = TensorLike | readonly (Dim | Tensor)[];
const filled = (dims: Dims, value: number, dtype: DType, name: string): Tensor =>
  apply1(create.fill, [toShape(dims, 'Fill'), constantOf(dtype, [], toTypedArray(dtype, [value]))], {}, name);

/** Zeros (false for bool). TensorFlow: `tf.zeros`. */
export const zeros = (dims: Dims, { dtype = 'float32', name = 'zeros' }: Named & { dtype?: DType } = {}): Tensor =>
  filled(dims, 0, dtype, name);
/** Ones (true for bool). TensorFlow: `tf.ones`. */
export const ones = (dims: Dims, { dtype = 'float32', name = 'ones' }: Named & { dtype?: DType } = {}): Tensor =>
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
  const bounds: readonly TensorLike[] = limit === undefined ? [0, start, delta] : [start, limit, delta];
  const whole = bounds.every((b) => Number.isInteger(b));
  const ts =
    whole || dtype !== undefined
      ? bounds.map((b) => (isTensor(b) ? b : toTensor(b, dtype ?? 'int32', 'Range')))
      : toTensors('Range', bounds);
  const type = dtype ?? ts.find((t) => isFloating(t.dtype))?.dtype ?? ts[0].dtype;
  return apply1(create.range, ts, { dtype: type }, name);
}

/**
 * A new axis of length `depth` (last by default) with `onValue` at each index and `offValue` elsewhere; an index out of range
 * gives a row of `offValue`. TensorFlow: `tf.one_hot`.
 */
export function oneHot(
  indices: TensorLike,
  depth: TensorLike,
  {
    onValue = 1,
    offValue = 0,
    axis = -1,
    dtype = 'float32',
    name = 'one_hot',
  }: Named & { onValue?: TensorLike; offValue?: TensorLike; axis?: number; dtype?: DType } = {},
): Tensor {
  const t = toTensor(indices, 'int32', 'OneHot');
  if (t.shape === undefined) throw new TypeError(`OneHot: the rank of ${t.name} is unknown. Reshape it first.`);
  const at = axis === -1 ? t.shape.length : axis;
  return apply1(
    create.oneHot,
    [t, toTensor(depth, 'int32', 'OneHot'), toTensor(onValue, dtype, 'OneHot'), toTensor(offValue, dtype, 'OneHot')],
    { axis: at },
    name,
  );
}

export const createMethods = { zerosLike, onesLike, oneHot };
