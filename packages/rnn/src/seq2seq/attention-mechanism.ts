import type { DType, Structure, Tensor, TensorLike } from '@tensorloom/graph';
import type { StateSize } from '../cell.js';

/**
 * What an `AttentionWrapper` asks at each step where in a memory to look. Any object with these members is one; those of this library are
 * over a memory [batch, time, depth]. TensorFlow: `tf.contrib.seq2seq.AttentionMechanism`.
 */
export interface AttentionMechanism<A extends Structure = Tensor> {
  /** What is attended to: [batch, time, depth]. */
  readonly values: Tensor;
  /** The number of places in the memory; an int32 scalar where only a run knows it. */
  readonly alignmentsSize: number | Tensor;
  /** Sizes of the mechanism's state. */
  readonly stateSize: StateSize;
  /** The alignments before the first step: [batch, time]. */
  initialAlignments(batchSize: TensorLike, dtype: DType): Tensor;
  /** The state before the first step. */
  initialState(batchSize: TensorLike, dtype: DType): A;
  /** How much a query [batch, units] attends to each place, [batch, time], and the next state. */
  call(query: Tensor, state: A): readonly [alignments: Tensor, nextState: A];
}
