import {
  type Named,
  type Tensor,
  type TensorLike,
  abs,
  add,
  div,
  expm1,
  greater,
  isFloating,
  less,
  minimum,
  mul,
  nameScope,
  refuse,
  relu,
  showSpec,
  toTensor,
  where,
} from '@tensorloom/graph';

function checkFloat(op: string, x: Tensor): void {
  if (!isFloating(x.dtype)) refuse(op, `expected floating elements, got ${showSpec(x.spec)}. Use cast().`, [x]);
}

/** min(max(x, 0), 6) (Krizhevsky 2010). Numeric dtypes. Its gradient is 0 at 0 and at 6. TensorFlow: `tf.nn.relu6`. */
export function relu6(x: TensorLike, { name = 'Relu6' }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'relu6');
  // At a tie the first operand takes the gradient.
  return nameScope(name, () => minimum(6, relu(t)));
}

/** e^x - 1 where x is negative, 0 elsewhere: the exponential of a large x would overflow, and its gradient be NaN. */
const expm1OfNegative = (x: Tensor): Tensor => expm1(minimum(x, 0));

/** x, where negative e^x - 1 (Clevert et al. 2016). Floating dtypes. TensorFlow: `tf.nn.elu`. */
export function elu(x: TensorLike, { name = 'Elu' }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'elu');
  checkFloat('elu', t);
  return nameScope(name, () => where(less(t, 0), expm1OfNegative(t), t));
}

/** What makes zero mean and unit variance a fixed point of a layer with selu. */
const SELU_SCALE = 1.0507009873554805;
const SELU_SCALE_ALPHA = 1.7580993408473768;

/**
 * 1.0507 x, where negative 1.7581 (e^x - 1): it keeps mean 0 and variance 1 (Klambauer et al. 2017). Floating dtypes.
 * TensorFlow: `tf.nn.selu`.
 */
export function selu(x: TensorLike, { name = 'Selu' }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'selu');
  checkFloat('selu', t);
  return nameScope(name, () => where(less(t, 0), mul(expm1OfNegative(t), SELU_SCALE_ALPHA), mul(t, SELU_SCALE)));
}

/** Options of `leakyRelu`. */
export interface LeakyReluOptions extends Named {
  /** The slope below 0; default 0.2. */
  readonly alpha?: TensorLike;
}

/** x, where not positive alpha x (Maas et al. 2013). Floating dtypes. TensorFlow: `tf.nn.leaky_relu`. */
export function leakyRelu(x: TensorLike, { alpha = 0.2, name = 'LeakyRelu' }: LeakyReluOptions = {}): Tensor {
  const t = toTensor(x, undefined, 'leakyRelu');
  checkFloat('leakyRelu', t);
  return nameScope(name, () => where(greater(t, 0), t, mul(t, alpha)));
}

/** x / (1 + |x|). Floating dtypes. TensorFlow: `tf.nn.softsign`. */
export function softsign(x: TensorLike, { name = 'Softsign' }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'softsign');
  checkFloat('softsign', t);
  return nameScope(name, () => div(t, add(abs(t), 1)));
}
