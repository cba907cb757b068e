import {
  type CumsumOptions,
  type DType,
  type Tensor,
  type TensorLike,
  clipByValue,
  cumsum,
  exp,
  isFloating,
  log,
  nameScope,
  refuse,
  toTensor,
} from '@tensorloom/graph';

/** The smallest normal number. */
const tiny = (dtype: DType): number => (dtype === 'float64' ? 2 ** -1022 : 2 ** -126);

/**
 * Products of all elements up to each one along an axis (default 0), for numbers from 0 to 1: the exponentials of the sums of logarithms,
 * which have finite gradients where a product underflows. Takes the options of `cumsum`. Zeros count as the smallest normal number.
 * TensorFlow: `tf.contrib.seq2seq.safe_cumprod`.
 */
export function safeCumprod(x: TensorLike, axis?: number | CumsumOptions, options: CumsumOptions = {}): Tensor {
  const t = toTensor(x, undefined, 'safeCumprod');
  if (!isFloating(t.dtype)) refuse('safeCumprod', `expected floats from 0 to 1, got ${t.dtype}. Use cast().`, [t]);
  const given = typeof axis === 'object' ? axis : { ...options, ...(axis !== undefined && { axis }) };
  return nameScope('SafeCumprod', () => exp(cumsum(log(clipByValue(t, tiny(t.dtype), 1)), given)));
}
