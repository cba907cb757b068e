import {
  type Named,
  type Tensor,
  type TensorLike,
  add,
  isFloating,
  mul,
  nameScope,
  neg,
  reduceMean,
  refuse,
  rsqrt,
  showSpec,
  squaredDifference,
  squeeze,
  sub,
  toTensor,
} from '@tensorloom/graph';

/** Options of `moments`. */
export interface MomentsOptions extends Named {
  /** Keep reduced axes, with length 1. */
  readonly keepDims?: boolean;
  /** The same; TensorFlow takes both spellings. */
  readonly keepdims?: boolean;
}

/**
 * `[mean, variance]` over `axes`; the variance is the mean of squared distances (divided by n). Floating dtypes, gradients of every
 * order. TensorFlow: `tf.nn.moments`.
 */
export function moments(
  x: TensorLike,
  axes: number | readonly number[],
  { keepdims = false, keepDims = keepdims, name = 'moments' }: MomentsOptions = {},
): [Tensor, Tensor] {
  const t = toTensor(x, undefined, 'moments');
  if (!isFloating(t.dtype))
    return refuse('moments', `expected floating elements, got ${showSpec(t.spec)}. Use cast().`, [t]);
  return nameScope(name, () => {
    const mean = reduceMean(t, axes, { keepdims: true });
    const variance = reduceMean(squaredDifference(t, mean), axes, { keepdims: true });
    return keepDims ? [mean, variance] : [squeeze(mean, axes), squeeze(variance, axes)];
  });
}

/**
 * scale (x - mean) / sqrt(variance + varianceEpsilon) + offset (Ioffe and Szegedy 2015). All broadcast to the shape of x; `offset` and
 * `scale` may be `null`. Take mean and variance from `moments`. TensorFlow: `tf.nn.batch_normalization`.
 */
export function batchNormalization(
  x: TensorLike,
  mean: TensorLike,
  variance: TensorLike,
  offset: TensorLike | null,
  scale: TensorLike | null,
  varianceEpsilon: TensorLike,
  { name = 'batchnorm' }: Named = {},
): Tensor {
  const t = toTensor(x, undefined, 'batchNormalization');
  return nameScope(name, () => {
    const like = (v: TensorLike): Tensor => toTensor(v, t.dtype, 'batchNormalization');
    const inverse = rsqrt(add(like(variance), like(varianceEpsilon)));
    const factor = scale === null ? inverse : mul(inverse, like(scale));
    const shift = mul(like(mean), factor);
    return add(mul(t, factor), offset === null ? neg(shift) : sub(like(offset), shift));
  });
}
