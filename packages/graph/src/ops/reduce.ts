import { apply1 } from '../context.js';
import { type Op, makeOp, tensorInput } from '../op.js';
import { sizeOf } from '../shape.js';
import { tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { axesOf } from './axis.js';
import { type TensorLike, toTensor } from './convert.js';
import { type Domain, type Named, checkDomain } from './elementwise.js';

/** Attributes of a reduction: the axes, ascending; `null` means all of a tensor of unknown rank. */
export interface ReduceAttrs {
  readonly axes: readonly number[] | null;
  readonly keepDims: boolean;
}

/** A reduction; `combine` is what it makes of known integers, so that sizes computed from static shapes stay static. */
const reduction = (name: string, domain: Domain, combine?: (values: readonly number[]) => number) =>
  makeOp<ReduceAttrs>({
    name,
    infer([x], { axes, keepDims }) {
      const spec = tensorInput(name, x);
      checkDomain(name, domain, spec);
      const { dtype, shape } = spec;
      if (shape === undefined) return [tensorSpec(dtype, axes === null && !keepDims ? [] : undefined)];
      const reduced = (axis: number): boolean => axes === null || axes.includes(axis);
      const dims = keepDims ? shape.map((d, i) => (reduced(i) ? 1 : d)) : shape.filter((_, i) => !reduced(i));
      return [tensorSpec(dtype, dims)];
    },
    fold([{ value, spec }], { axes }) {
      const isIntVector = spec.kind === 'tensor' && spec.dtype === 'int32' && spec.shape?.length === 1;
      if (!isIntVector || axes?.length !== 1 || combine === undefined) return undefined;
      return value?.every((v) => v !== null) === true ? [combine(value)] : undefined;
    },
    show: ({ axes, keepDims }) => `${axes === null ? 'all' : axes.join(' ')}${keepDims ? ' keepDims' : ''}`,
  });

/** The family that reduces axes. */
export const reduce = {
  sum: reduction('Sum', 'numeric', (values) => values.reduce((a, b) => a + b, 0)),
  mean: reduction('Mean', 'float'),
  max: reduction('Max', 'numeric'),
  min: reduction('Min', 'numeric'),
  prod: reduction('Prod', 'numeric', sizeOf),
  all: reduction('All', 'bool'),
  any: reduction('Any', 'bool'),
};

/** Options of a reduction. */
export interface ReduceOptions extends Named {
  /** Keep reduced axes, with length 1. */
  readonly keepdims?: boolean;
  /** Axes to reduce, where they are not given as an argument; default: all. */
  readonly axis?: number | readonly number[];
}

const isOptions = (x: number | readonly number[] | ReduceOptions | undefined): x is ReduceOptions =>
  typeof x === 'object' && !Array.isArray(x);

/** The arguments of a reduction, its axes given by position or among the options. */
export function reduceArguments(
  axis: number | readonly number[] | ReduceOptions | undefined,
  options: ReduceOptions,
): ReduceOptions {
  return isOptions(axis) ? axis : { ...options, ...(axis !== undefined && { axis }) };
}

const reducer =
  (op: Op<ReduceAttrs>) =>
  (x: TensorLike, axis?: number | readonly number[] | ReduceOptions, options: ReduceOptions = {}): Tensor => {
    const { axis: chosen, keepdims = false, name } = reduceArguments(axis, options);
    const t = toTensor(x, undefined, op.name);
    const all = t.shape?.map((_, i) => i) ?? null;
    const axes = chosen === undefined ? all : [...axesOf(op.name, t, chosen)].sort((a, b) => a - b);
    return apply1(op, [t], { axes, keepDims: keepdims }, name);
  };

/** Sum over `axis` (default: all). TensorFlow: `tf.reduce_sum`. */
export const reduceSum = reducer(reduce.sum);
/** Mean over `axis` (default: all); NaN of nothing. TensorFlow: `tf.reduce_mean`. */
export const reduceMean = reducer(reduce.mean);
/** Largest over `axis` (default: all); -Infinity, or the smallest int32, of nothing. TensorFlow: `tf.reduce_max`. */
export const reduceMax = reducer(reduce.max);
/** Smallest over `axis` (default: all). TensorFlow: `tf.reduce_min`. */
export const reduceMin = reducer(reduce.min);
/** Product over `axis` (default: all). TensorFlow: `tf.reduce_prod`. */
export const reduceProd = reducer(reduce.prod);
/** Whether all are true over `axis` (default: all). TensorFlow: `tf.reduce_all`. */
export const reduceAll = reducer(reduce.all);
/** Whether any is true over `axis` (default: all). TensorFlow: `tf.reduce_any`. */
export const reduceAny = reducer(reduce.any);

/** The functions of this file that are methods of tensors. */
export const reduceMethods = {
  reduceSum,
  reduceMean,
  reduceMax,
  reduceMin,
  reduceProd,
  reduceAll,
  reduceAny,
};
