import { nameScope } from '../scopes.js';
import type { Tensor } from '../tensor.js';
import { stopGradient } from './control.js';
import { type TensorLike, toTensor } from './convert.js';
import { zerosLike } from './create.js';
import { add, exp, isFinite, log, sub } from './elementwise.js';
import { type ReduceOptions, reduceArguments, reduceMax, reduceSum } from './reduce.js';
import { where } from './select.js';
import { reshape, shapeOf } from './shape.js';

/**
 * log(sum(exp(x))) over `axis` (default: all), without overflow; -Infinity of nothing. Floating dtypes. TensorFlow: `tf.reduce_logsumexp`.
 */
export function reduceLogsumexp(
  x: TensorLike,
  axis?: number | readonly number[] | ReduceOptions,
  options: ReduceOptions = {},
): Tensor {
  const { axis: chosen, keepdims = false, name = 'logsumexp' } = reduceArguments(axis, options);
  const t = toTensor(x, undefined, 'reduceLogsumexp');
  return nameScope(name, () => {
    const largest = reduceMax(t, chosen, { keepdims: true });
    // An infinite shift would make NaN of an infinity less itself.
    const shift = stopGradient(where(isFinite(largest), largest, zerosLike(largest)));
    const sum = log(reduceSum(exp(sub(t, shift)), chosen, { keepdims }));
    return add(sum, keepdims ? shift : reshape(shift, shapeOf(sum)));
  });
}

/** The functions of this file that are methods of tensors. */
export const reduceLogsumexpMethods = { reduceLogsumexp };
