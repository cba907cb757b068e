import { type Tensor, type TensorLike, cast, dimOf, div, nameScope, reduceSum, toInts } from '@tensorloom/graph';
import { type SequenceLossByExampleOptions, sequenceLossByExample } from './sequence-loss-by-example.js';

/** How `sequenceLoss` sums up. */
export interface SequenceLossOptions extends SequenceLossByExampleOptions {
  /** Divide by the number of rows; default true. */
  readonly averageAcrossBatch?: boolean;
}

/**
 * The weighted cross entropy of sequences, a scalar, of logits [batch, symbols], targets, int32 [batch], and weights [batch], one of each
 * for every step. TensorFlow: `tf.contrib.legacy_seq2seq.sequence_loss`.
 */
export function sequenceLoss(
  logits: readonly TensorLike[],
  targets: readonly TensorLike[],
  weights: readonly TensorLike[],
  { averageAcrossBatch = true, name = 'sequence_loss', ...options }: SequenceLossOptions = {},
): Tensor {
  return nameScope(name, () => {
    const losses = sequenceLossByExample(logits, targets, weights, options);
    const sum = reduceSum(losses);
    return averageAcrossBatch ? div(sum, cast(dimOf(toInts(targets[0], 'sequenceLoss'), 0), sum.dtype)) : sum;
  });
}
