import { apply1 } from '../context.js';
import { isFloating } from '../dtype.js';
import { type InputSpec, makeOp, tensorInput } from '../op.js';
import { normalizeAxis, sizeOf } from '../shape.js';
import { showSpec, tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { type TensorLike, toTensor } from './convert.js';
import type { Named } from './elementwise.js';

/** Attributes of a reduction: the axes, ascending; `null` means all of a tensor of unknown rank. */
export interface ReduceAttrs {
  readonly axes: readonly number[] | null;
  readonly keepDims: boolean;
}

const reduction = (name: string, domain: 'number' | 'float' | 'bool') =>
  makeOp<ReduceAttrs>({
    name,
    infer([x]: readonly InputSpec[], { axes, keepDims }) {
      const { dtype, shape } = tensorInput(name, x);
      const fits = domain === 'bool' ? dtype === 'bool' : domain === 'float' ? isFloating(dtype) : dtype !== 'bool';
      if (!fits)
        throw new TypeError(
          `${name}: expected ${domain === 'number' ? 'numeric' : domain} elements, got ${showSpec(x.spec)}. Use cast().`,
        );
      if (shape === undefined) return [tensorSpec(dtype, axes === null && !keepDims ? [] : undefined)];
      const kept = shape.map((d, i) => (axes === null || axes.includes(i) ? 1 : d));
      return [tensorSpec(dtype, keepDims ? kept : shape.filter((_, i) => axes !== null && !axes.includes(i)))];
    },
    fold:
      name === 'Prod' || name === 'Sum'
        ? ([{ value, spec }], { axes }) => {
            if (
              value === undefined ||
              spec.dtype !== 'int32' ||
              spec.kind === 'list' ||
              spec.shape?.length !== 1 ||
              axes?.length !== 1
            )
              return undefined;
            const known = value.filter((v) => v !== null);
            if (known.length < value.length) return undefined;
            return [name === 'Sum' ? known.reduce((a, b) => a + b, 0) : sizeOf(known)];
          }
        : () => undefined,
    show: ({ axes, keepDims }) => `${axes === null ? 'all' : axes.join(' ')}${keepDims ? ' keepDims' : ''}`,
  });

/** The family that reduces axes. */
export const reduce = {
  sum: reduction('Sum', 'number'),
  mean: reduction('Mean', 'float'),
  max: reduction('Max', 'number'),
  min: reduction('Min', 'number'),
  prod: reduction('Prod', 'number'),
  all: reduction('All', 'bool'),
  any: reduction('Any', 'bool'),
};

export interface ReduceOptions extends Named {
  /** Keep reduced axes, with length 1. */
  readonly keepdims?: boolean;
  readonly axis?: number | readonly number[];
}

const reducer =
  (op: (typeof reduce)[keyof typeof reduce]) =>
  (x: TensorLike, axis?: number | readonly number[] | ReduceOptions, options: ReduceOptions = {}): Tensor => {
    const o: ReduceOptions =
      typeof axis === 'object' && !Array.isArray(axis)
        ? (axis as ReduceOptions)
        : { ...options, ...(axis === undefined ? {} : { axis: axis as number }) };
    const t = toTensor(x, undefined, op.name);
    const rank = t.shape?.length;
    if (rank === undefined && o.axis !== undefined)
      throw new TypeError(`${op.name}: the rank of ${t.name} is unknown, so axes cannot be checked. Reshape it first.`);
    const axes =
      rank === undefined
        ? null
        : o.axis === undefined
          ? Array.from({ length: rank }, (_, i) => i)
          : [...new Set([o.axis].flat().map((a) => normalizeAxis(a, rank, op.name)))].sort((a, b) => a - b);
    return apply1(op, [t], { axes, keepDims: o.keepdims ?? false }, o.name);
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

export const reduceMethods = { reduceSum, reduceMean, reduceMax, reduceMin, reduceProd, reduceAll, reduceAny };
