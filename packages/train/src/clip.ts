import {
  type Named,
  type Tensor,
  type TensorLike,
  add,
  cast,
  div,
  greater,
  maximum,
  mul,
  nameScope,
  onesLike,
  reduceSum,
  size,
  sqrt,
  square,
  sub,
  toTensor,
  where,
} from '@tensorloom/graph';
import { hyperparameter } from './hyperparameter.js';

/** The root of a sum of squares; its gradient is 0 where the sum is, so that what is smooth at zero vectors stays differentiable. */
function rootOf(squares: Tensor): Tensor {
  const positive = greater(squares, 0);
  return where(positive, sqrt(where(positive, squares, onesLike(squares))), squares);
}

/** What brings a norm down to the limit; exactly 1 within it, where TensorFlow's product and quotient round. */
const scaleTo = (limit: Tensor, norm: Tensor): Tensor => div(limit, maximum(norm, limit));

/** The limit in the dtype of `x`. */
const limitOf = (clipNorm: TensorLike, x: Tensor): Tensor =>
  maximum(toTensor(hyperparameter(clipNorm, x.dtype, 'clipNorm'), x.dtype), 0);

/** Options of `clipByNorm`. */
export interface ClipByNormOptions extends Named {
  /** The axes that a norm is taken over; default: all. */
  readonly axes?: number | readonly number[];
}

/**
 * `t` scaled down where its norm (the root of the sum of squares over `axes`) is above `clipNorm`, a scalar above 0; of the shape of
 * `t`. A negative `clipNorm` counts as 0. Around zero it is the identity, and its gradient 1. TensorFlow: `tf.clip_by_norm`.
 */
export function clipByNorm(
  t: TensorLike,
  clipNorm: TensorLike,
  { axes, name = 'clip_by_norm' }: ClipByNormOptions = {},
): Tensor {
  return nameScope(name, () => {
    const x = toTensor(t);
    const limit = limitOf(clipNorm, x);
    const norm = rootOf(reduceSum(square(x), axes, { keepdims: true }));
    return mul(x, scaleTo(limit, norm));
  });
}

/**
 * `t` scaled down when its norm divided by its number of elements is above `clipNorm`, a scalar above 0.
 * TensorFlow: `tf.clip_by_average_norm`.
 */
export function clipByAverageNorm(
  t: TensorLike,
  clipNorm: TensorLike,
  { name = 'clip_by_average_norm' }: Named = {},
): Tensor {
  return nameScope(name, () => {
    const x = toTensor(t);
    const limit = limitOf(clipNorm, x);
    const average = div(rootOf(reduceSum(square(x))), cast(size(x), x.dtype));
    return mul(x, scaleTo(limit, average));
  });
}

/**
 * The norm of all elements of all tensors together, a scalar; `null` counts as nothing, and the norm of nothing is 0. The tensors are
 * of one dtype. TensorFlow: `tf.global_norm`.
 */
export function globalNorm(ts: readonly (TensorLike | null)[], { name = 'global_norm' }: Named = {}): Tensor {
  return nameScope(name, () => {
    const sums = ts.flatMap((t) => (t === null ? [] : [reduceSum(square(t))]));
    return rootOf(sums.length === 0 ? toTensor(0) : sums.reduce((a, b) => add(a, b)));
  });
}

/** Options of `clipByGlobalNorm`. */
export interface ClipByGlobalNormOptions extends Named {
  /** The norm to go by, a scalar; default: `globalNorm(ts)`. */
  readonly useNorm?: TensorLike;
}

/**
 * `[clipped, globalNorm]`: the tensors, all scaled by clipNorm / globalNorm when their global norm is above `clipNorm`, a scalar above
 * 0, and that norm. `null` stays `null`. When the norm is infinite or NaN, all elements become NaN. Pascanu et al. 2013.
 * TensorFlow: `tf.clip_by_global_norm`.
 */
export function clipByGlobalNorm(
  ts: readonly (TensorLike | null)[],
  clipNorm: TensorLike,
  { useNorm, name = 'clip_by_global_norm' }: ClipByGlobalNormOptions = {},
): [(Tensor | null)[], Tensor] {
  const norm = useNorm === undefined ? globalNorm(ts) : toTensor(useNorm);
  return nameScope(name, () => {
    const limit = limitOf(clipNorm, norm);
    // The difference is 0 unless the norm is infinite or NaN, which it makes NaN.
    const scale = add(scaleTo(limit, norm), sub(norm, norm));
    const clipped = ts.map((t) => {
      if (t === null) return null;
      const x = toTensor(t, norm.dtype);
      return mul(x, cast(scale, x.dtype));
    });
    return [clipped, norm];
  });
}
