import {
  type Named,
  type Tensor,
  type TensorLike,
  add,
  cast,
  compatible,
  greaterEqual,
  isFloating,
  mul,
  nameScope,
  neg,
  refuse,
  showSpec,
  softplus,
  sub,
  toTensor,
  toTensors,
  where,
} from '@tensorloom/graph';

/** What losses on independent logits compare. */
export interface LogisticLabels extends Named {
  /** Probabilities in [0, 1], of the dtype and shape of the logits. */
  readonly labels: TensorLike;
  /** Unscaled scores of any shape; floating. */
  readonly logits: TensorLike;
}

/** Labels and logits as tensors of one floating dtype and shape. */
function operands(op: string, labels: TensorLike | undefined, logits: TensorLike): readonly [Tensor, Tensor] {
  if (labels === undefined) return refuse(op, 'expected labels, got none. Pass { labels }.');
  const [x, z] = toTensors(op, [logits, labels]);
  if (!isFloating(x.dtype) || z.dtype !== x.dtype || !compatible(x.shape, z.shape)) {
    return refuse(
      op,
      `expected floating labels and logits of one dtype and shape, got ${showSpec(z.spec)} and ${showSpec(x.spec)}. Use cast(), broadcastTo() or reshape().`,
      [z, x],
    );
  }
  return [z, x];
}

/**
 * Cross entropy between sigmoid(logits) and labels, element by element, where classes do not exclude each other:
 * log(1 + e^x) - x labels, without overflow. Throws when shapes differ. TensorFlow: `tf.nn.sigmoid_cross_entropy_with_logits`.
 */
export function sigmoidCrossEntropyWithLogits({ labels, logits, name = 'logistic_loss' }: LogisticLabels): Tensor {
  const [z, x] = operands('sigmoidCrossEntropyWithLogits', labels, logits);
  return nameScope(name, () => {
    // Not abs() and relu(), whose gradients at 0 would leave out half a label; and x is taken out of the difference, which is then exact.
    const positive = greaterEqual(x, 0);
    return add(mul(x, sub(cast(positive, x.dtype), z)), softplus(where(positive, neg(x), x)));
  });
}

/** What `weightedCrossEntropyWithLogits` compares. */
export interface WeightedLabels extends Omit<LogisticLabels, 'labels'> {
  readonly labels?: TensorLike;
  /** TensorFlow's older name of `labels`; give one of the two. */
  readonly targets?: TensorLike;
  /** The weight of positive labels, which broadcasts; above 1 it counts misses more than false alarms. */
  readonly posWeight: TensorLike;
}

/**
 * Cross entropy between sigmoid(logits) and labels, element by element, the part of the positive labels times `posWeight`. Throws when
 * shapes differ. TensorFlow: `tf.nn.weighted_cross_entropy_with_logits`.
 */
export function weightedCrossEntropyWithLogits({
  labels,
  targets,
  logits,
  posWeight,
  name = 'logistic_loss',
}: WeightedLabels): Tensor {
  const op = 'weightedCrossEntropyWithLogits';
  if (labels !== undefined && targets !== undefined)
    return refuse(op, 'got both labels and targets, which are the same. Pass { labels } alone.');
  const [z, x] = operands(op, labels ?? targets, logits);
  return nameScope(name, () => {
    const weight = add(mul(sub(toTensor(posWeight, x.dtype, op), 1), z), 1);
    return add(mul(sub(1, z), x), mul(weight, softplus(neg(x))));
  });
}
