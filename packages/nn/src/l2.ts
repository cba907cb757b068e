import {
  type Named,
  type Tensor,
  type TensorLike,
  isFloating,
  maximum,
  mul,
  nameScope,
  reduceSum,
  refuse,
  rsqrt,
  showSpec,
  square,
  toTensor,
} from '@tensorloom/graph';

function floatInput(op: string, x: TensorLike): Tensor {
  const t = toTensor(x, undefined, op);
  return isFloating(t.dtype) ? t : refuse(op, `expected floating elements, got ${showSpec(t.spec)}. Use cast().`, [t]);
}

/** Half the sum of the squares of all elements, a scalar. TensorFlow: `tf.nn.l2_loss`. */
export function l2Loss(x: TensorLike, { name = 'L2Loss' }: Named = {}): Tensor {
  const t = floatInput('l2Loss', x);
  return nameScope(name, () => mul(reduceSum(square(t)), 0.5));
}

/** Options of `l2Normalize`. */
export interface L2NormalizeOptions extends Named {
  /** The least sum of squares that is divided by; default 1e-12. */
  readonly epsilon?: number;
}

/**
 * x over its norm, the root of the sum of squares along `axis` (one or several; default: all). A norm below the root of `epsilon` counts
 * as that, so zeros stay zeros. TensorFlow: `tf.nn.l2_normalize`.
 */
export function l2Normalize(
  x: TensorLike,
  axis?: number | readonly number[],
  { epsilon = 1e-12, name = 'l2_normalize' }: L2NormalizeOptions = {},
): Tensor {
  const t = floatInput('l2Normalize', x);
  return nameScope(name, () => {
    const squares = reduceSum(square(t), axis, { keepdims: true });
    return mul(t, rsqrt(maximum(squares, epsilon)));
  });
}
