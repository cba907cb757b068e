import {
  type Tensor,
  type TensorLike,
  add,
  div,
  mul,
  nameScope,
  refuse,
  reshape,
  toInts,
  toTensors,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';

/** How losses of sequences are summed up. */
export interface SequenceLossByExampleOptions {
  /** Divide each row's sum by the sum of its weights; default true. */
  readonly averageAcrossTimesteps?: boolean;
  /** A loss for each of labels [batch] and logits [batch, symbols]; default: the cross entropy of softmax. */
  readonly softmaxLossFunction?: (of: { readonly labels: Tensor; readonly logits: Tensor }) => Tensor;
  readonly name?: string;
}

/**
 * The weighted cross entropy of each row, [batch], of logits [batch, symbols], targets, int32 [batch], and weights [batch], one of each for every step.
 * TensorFlow: `tf.contrib.legacy_seq2seq.sequence_loss_by_example`.
 */
export function sequenceLossByExample(
  logits: readonly TensorLike[],
  targets: readonly TensorLike[],
  weights: readonly TensorLike[],
  options: SequenceLossByExampleOptions = {},
): Tensor {
  const what = 'sequenceLossByExample';
  const { averageAcrossTimesteps = true, name = 'sequence_loss_by_example' } = options;
  const { softmaxLossFunction: lossOf = nn.sparseSoftmaxCrossEntropyWithLogits } = options;
  if (logits.length === 0 || targets.length !== logits.length || weights.length !== logits.length) {
    refuse(
      what,
      `expected logits, targets and weights of the same number of steps, at least one, got ${logits.length}, ${targets.length} and ${weights.length}.`,
    );
  }
  return nameScope(name, () => {
    const scores = toTensors(what, logits);
    const shares = toTensors(what, [scores[0], ...weights]).slice(1);
    const losses = scores.map((x, i) =>
      mul(lossOf({ labels: reshape(toInts(targets[i], what), [-1]), logits: x }), shares[i]),
    );
    const sum = losses.reduce((total, loss) => add(total, loss));
    if (!averageAcrossTimesteps) return sum;
    // So that a row without weight has no loss.
    return div(sum, shares.reduce((total, share) => add(total, share)).add(1e-12));
  });
}
