import {
  type Tensor,
  type TensorLike,
  compatible,
  exp,
  log,
  nameScope,
  oneHot,
  reduceSum,
  shapeOf,
  showSpec,
  sub,
  toTensor,
} from '@tensorloom/graph';
import { shifted } from './softmax.js';

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
    const picked = reduceSum(z.mul(oneHot(y, depth, { dtype: x.dtype })), axis);
    return sub(log(reduceSum(exp(z), axis)), picked);
  });
}
