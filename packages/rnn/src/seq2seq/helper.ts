import type { DType, Tensor } from '@tensorloom/graph';

/** Whether each row is finished now, the inputs of the next step, and the state it starts from. */
export type NextInputs<S> = readonly [finished: Tensor, nextInputs: Tensor, nextState: S];

/**
 * Chooses what a `BasicDecoder` reads at each step. Any object with these members is a helper. TensorFlow:
 * `tf.contrib.seq2seq.Helper`.
 */
export interface Helper<S> {
  /** The number of rows, an int32 scalar. */
  readonly batchSize: Tensor;
  /** The dtype of what `sample` returns. */
  readonly sampleIdsDtype: DType;
  /** Whether each row is finished before the first step, and the inputs of that step. */
  initialize(): readonly [finished: Tensor, firstInputs: Tensor];
  /** What is taken to be written at this step, given the outputs [batch, depth]: ids [batch], say. */
  sample(time: Tensor, outputs: Tensor, state: S): Tensor;
  /** What follows, given what `sample` returned. */
  nextInputs(time: Tensor, outputs: Tensor, state: S, sampleIds: Tensor): NextInputs<S>;
}
