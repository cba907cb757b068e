import {
  type Tensor,
  type TensorLike,
  cast,
  compatible,
  divNoNan,
  mul,
  nameScope,
  notEqual,
  reduceSum,
  refuse,
  reshape,
  shapeOf,
  showSpec,
  toInts,
  toTensor,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';

/** How `sequenceLoss` sums up. */
export interface SequenceLossOptions {
  /** Divide the sum over a row's steps by the sum of their weights; default true. */
  readonly averageAcrossTimesteps?: boolean;
  /** Divide the sum over the rows of a step by the sum of their weights; default true. */
  readonly averageAcrossBatch?: boolean;
  /** Sum over steps, divided by the number of weights that are not 0; not beside `averageAcrossTimesteps`. */
  readonly sumOverTimesteps?: boolean;
  /** Sum over rows, divided by the number of weights that are not 0; not beside `averageAcrossBatch`. */
  readonly sumOverBatch?: boolean;
  /** A loss for each of labels [n] and logits [n, classes]; default: the cross entropy of softmax. */
  readonly softmaxLossFunction?: (of: { readonly labels: Tensor; readonly logits: Tensor }) => Tensor;
  readonly name?: string;
}

/**
 * The weighted loss of sequences of logits [batch, time, classes] against targets, int32 [batch, time]; `weights` [batch, time] are 0 past the
 * rows' ends. A scalar, or [batch] or [time] where only one axis is averaged, or [batch, time]; 0 where all weights are. Throws when
 * shapes do not match. TensorFlow: `tf.contrib.seq2seq.sequence_loss`.
 */
export function sequenceLoss(
  logits: TensorLike,
  targets: TensorLike,
  weights: TensorLike,
  options: SequenceLossOptions = {},
): Tensor {
  const { averageAcrossTimesteps = true, averageAcrossBatch = true, name = 'sequence_loss' } = options;
  const { sumOverTimesteps = false, sumOverBatch = false } = options;
  const { softmaxLossFunction: lossOf = nn.sparseSoftmaxCrossEntropyWithLogits } = options;
  const x = toTensor(logits, undefined, 'sequenceLoss');
  const y = toInts(targets, 'sequenceLoss');
  const w = toTensor(weights, x.dtype, 'sequenceLoss');
  if (x.shape?.length !== 3 || !compatible(y.shape, [null, null]) || !compatible(w.shape, [null, null])) {
    return refuse(
      'sequenceLoss',
      `expected logits [batch, time, classes], targets and weights [batch, time], got ${[x, y, w].map((t) => showSpec(t.spec)).join(', ')}.`,
      [x, y, w],
    );
  }
  for (const [sums, averages, over] of [
    [sumOverTimesteps, averageAcrossTimesteps, 'Timesteps'],
    [sumOverBatch, averageAcrossBatch, 'Batch'],
  ] as const) {
    if (sums && averages)
      refuse('sequenceLoss', `expected sumOver${over} or averageAcross${over}, got both. Set one of them to false.`);
  }
  return nameScope(name, () => {
    const [classes] = x.shape?.slice(2) ?? [];
    const flat = reshape(x, [-1, classes ?? shapeOf(x).slice([2], [1]).reshape([])]);
    const each = lossOf({ labels: reshape(y, [-1]), logits: flat });
    const losses = mul(reshape(each, shapeOf(y)), w);
    const [averaged, summed] = [
      [averageAcrossBatch, averageAcrossTimesteps],
      [sumOverBatch, sumOverTimesteps],
    ].map((over) => over.flatMap((yes, axis) => (yes ? [axis] : [])));
    // As in TensorFlow, sums count only where nothing is averaged.
    if (averaged.length > 0) return divNoNan(reduceSum(losses, averaged), reduceSum(w, averaged));
    if (summed.length === 0) return losses;
    return divNoNan(reduceSum(losses, summed), reduceSum(cast(notEqual(w, 0), x.dtype), summed));
  });
}
