import { apply1 } from '../context.js';
import { nameScope } from '../scopes.js';
import type { Tensor } from '../tensor.js';
import { type TensorLike, toTensor, toTensors } from './convert.js';
import { onesLike, zerosLike } from './create.js';
import { type Named, cast, div, equal, logicalOr, maximum, minimum, mixed } from './elementwise.js';
import { expandDims } from './shape.js';

/**
 * x where `condition` holds, else y; all broadcast. A condition that is a vector beside operands of higher rank selects rows,
 * as in TensorFlow 1. The gradient of the operand not chosen is 0, but what produced it still runs: guard its input, not its
 * output, against NaN. TensorFlow: `tf.where`.
 */
export function where(condition: TensorLike, x: TensorLike, y: TensorLike, { name }: Named = {}): Tensor {
  let c = toTensor(condition, undefined, 'Select');
  const [a, b] = toTensors('Select', [x, y]);
  const rank = Math.max(a.shape?.length ?? 0, b.shape?.length ?? 0);
  if (c.shape?.length === 1) while (c.shape !== undefined && c.shape.length < rank) c = expandDims(c, c.shape.length);
  return apply1(mixed.select, [c, a, b], {}, name);
}

/**
 * x kept between `min` and `max`, which broadcast. The gradient is 0 where x was cut, and where `min` is above `max` the result is `min`.
 * TensorFlow: `tf.clip_by_value`.
 */
export function clipByValue(
  x: TensorLike,
  min: TensorLike,
  max: TensorLike,
  { name = 'clip_by_value' }: Named = {},
): Tensor {
  const [t, low, high] = toTensors('clipByValue', [x, min, max]);
  return maximum(minimum(t, high), low, { name });
}

/** x / y, and 0 where y is 0, also for the gradient; both broadcast. TensorFlow: `tf.div_no_nan`. */
export function divNoNan(x: TensorLike, y: TensorLike, { name = 'div_no_nan' }: Named = {}): Tensor {
  const [a, b] = toTensors('divNoNan', [x, y]);
  return nameScope(name, () => {
    const isZero = equal(b, 0);
    const quotient = div(a, where(isZero, onesLike(b), b));
    const none = zerosLike(quotient);
    // Broadcast, because a vector would select rows.
    return where(logicalOr(isZero, cast(none, 'bool')), none, quotient);
  });
}

/** The functions of this file that are methods of tensors. */
export const selectMethods = { where, clipByValue };
