import {
  type Tensor,
  type TensorLike,
  cast,
  compatible,
  exp,
  log,
  mul,
  nameScope,
  oneHot,
  reduceSum,
  refuse,
  shapeOf,
  showSpec,
  stopGradient,
  sub,
  toTensor,
  where,
  zerosLike,
} from '@tensorloom/graph';
import { type AxisOptions, logitsInput, shifted } from './softmax.js';

/** What `sparseSoftmaxCrossEntropyWithLogits` compares. */
export interface SparseLabels {
  /** Class indices, int32, of the shape of the logits without the last axis. */
  readonly labels: TensorLike;
  /** Unscaled scores [..., classes]. */
  readonly logits: TensorLike;
  readonly name?: string;
}

/**
 * Cross entropy between softmax(logits) and the class each label names, one loss per label. Throws when shapes do not match; a
 * label out of range gives the log-sum-exp alone. TensorFlow: `tf.nn.sparse_softmax_cross_entropy_with_logits`.
 */
export function sparseSoftmaxCrossEntropyWithLogits({
  labels,
  logits,
  name = 'SparseSoftmaxCrossEntropyWithLogits',
}: SparseLabels): Tensor {
  const x = toTensor(logits, undefined, name);
  const y = toTensor(labels, 'int32', name);
  if (x.shape === undefined || x.shape.length === 0)
    throw new TypeError(`${name}: expected logits of shape [..., classes], got ${showSpec(x.spec)}.`);
  if (y.dtype !== 'int32')
    throw new TypeError(
      `${name}: expected int32 labels, got ${showSpec(y.spec)}. Use cast(), or softmaxCrossEntropyWithLogits for distributions.`,
    );
  const batch = x.shape.slice(0, -1);
  if (!compatible(y.shape, batch)) {
    throw new TypeError(
      `${name}: expected labels of the shape of the logits without the last axis, got labels ${showSpec(y.spec)} for logits ${showSpec(x.spec)}.`,
    );
  }
  const classes = x.shape[x.shape.length - 1];
  return nameScope(name, () => {
    const axis = batch.length;
    const z = shifted(x, axis);
    const depth = classes ?? shapeOf(x).slice([axis], [1]).reshape([]);
    // A choice rather than a product, because another class may have a logit of -Infinity.
    const isLabel = oneHot(y, depth, { onValue: true, offValue: false, dtype: 'bool' });
    const picked = reduceSum(where(isLabel, z, zerosLike(z)), axis);
    return sub(log(reduceSum(exp(z), axis)), picked);
  });
}

/** What `softmaxCrossEntropyWithLogits` compares. */
export interface SoftmaxLabels extends AxisOptions {
  /** A probability distribution along `axis`, of the shape of the logits; integers become their dtype. */
  readonly labels: TensorLike;
  /** Unscaled scores; floating. */
  readonly logits: TensorLike;
}

/**
 * Cross entropy between softmax(logits) and label distributions, which have no gradient as in TensorFlow 1: one loss for each, shape
 * without `axis`. Throws when shapes differ. TensorFlow: `tf.nn.softmax_cross_entropy_with_logits`.
 */
export function softmaxCrossEntropyWithLogits({
  labels,
  logits,
  axis = -1,
  name = 'softmax_cross_entropy_with_logits_sg',
}: SoftmaxLabels): Tensor {
  const op = 'softmaxCrossEntropyWithLogits';
  const x = logitsInput(op, logits);
  const y = toTensor(labels, x.dtype, op);
  if (!(y.dtype === x.dtype || y.dtype === 'int32') || !compatible(x.shape, y.shape)) {
    refuse(
      op,
      `expected labels of the dtype and shape of the logits, got labels ${showSpec(y.spec)} for logits ${showSpec(x.spec)}. Use cast(), or sparseSoftmaxCrossEntropyWithLogits for class indices.`,
      [y, x],
    );
  }
  return nameScope(name, () => {
    const z = shifted(x, axis);
    const logSum = log(reduceSum(exp(z), axis, { keepdims: true }));
    return reduceSum(mul(stopGradient(cast(y, x.dtype)), sub(logSum, z)), axis);
  });
}
