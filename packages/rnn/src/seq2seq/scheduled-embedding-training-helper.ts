import { type Tensor, type TensorLike, cast, constant, multinomial, notEqual, reshape, where } from '@tensorloom/graph';
import { type Embedding, embeddingOf } from './embedding.js';
import type { NextInputs } from './helper.js';
import { sampledRows, samplingRate } from './scheduled-sampling.js';
import { TrainingHelper, type TrainingHelperOptions } from './training-helper.js';

/** Options of `ScheduledEmbeddingTrainingHelper`. */
export interface ScheduledEmbeddingTrainingHelperOptions extends TrainingHelperOptions {
  /** Seed of the ids drawn. */
  readonly seed?: number;
  /** Seed of the choice of rows. */
  readonly schedulingSeed?: number;
}

const NOT_SAMPLED = -1;

/**
 * Reads given inputs, but in rows chosen anew at each step, with the probability `samplingProbability` (a scalar, or [batch]), the
 * embedding of an id drawn from what was written: so that a network learns to go on from its own mistakes. Ids are -1 where none was
 * drawn. S. Bengio et al., "Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks", 2015. TensorFlow:
 * `tf.contrib.seq2seq.ScheduledEmbeddingTrainingHelper`.
 */
export class ScheduledEmbeddingTrainingHelper extends TrainingHelper {
  readonly #embed: (ids: Tensor) => Tensor;
  readonly #rate: Tensor;
  readonly #options: ScheduledEmbeddingTrainingHelperOptions;

  constructor(
    inputs: TensorLike,
    sequenceLength: TensorLike,
    embedding: Embedding,
    samplingProbability: TensorLike,
    options: ScheduledEmbeddingTrainingHelperOptions = {},
  ) {
    super(inputs, sequenceLength, options);
    this.#embed = embeddingOf(embedding);
    this.#rate = samplingRate('ScheduledEmbeddingTrainingHelper', samplingProbability);
    this.#options = options;
  }

  override sample(_time: Tensor, outputs: Tensor): Tensor {
    const { seed, schedulingSeed } = this.#options;
    const chosen = sampledRows(this.#rate, this.batchSize, schedulingSeed);
    const drawn = reshape(multinomial(outputs, 1, seed === undefined ? {} : { seed }), [-1]);
    return where(chosen, drawn, constant(NOT_SAMPLED, { dtype: 'int32' }));
  }

  override nextInputs<S>(time: Tensor, outputs: Tensor, state: S, sampleIds: Tensor): NextInputs<S> {
    const [finished, given] = super.nextInputs(time, outputs, state, sampleIds);
    const sampled = notEqual(sampleIds, NOT_SAMPLED);
    const own = cast(this.#embed(where(sampled, sampleIds, constant(0, { dtype: 'int32' }))), given.dtype);
    return [finished, where(sampled, own, given), state];
  }
}
