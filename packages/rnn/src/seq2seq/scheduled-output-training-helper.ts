import { type Tensor, type TensorLike, cast, concat, equal, where } from '@tensorloom/graph';
import type { NextInputs } from './helper.js';
import { type Layer, applyLayer } from './layer.js';
import { sampledRows, samplingRate } from './scheduled-sampling.js';
import { SequenceReader } from './sequence-reader.js';
import { TrainingHelper, type TrainingHelperOptions } from './training-helper.js';

/** Options of `ScheduledOutputTrainingHelper`. */
export interface ScheduledOutputTrainingHelperOptions extends TrainingHelperOptions {
  /** Seed of the choice of rows. */
  readonly seed?: number;
  /** Applied to an output before it is read; default: none. */
  readonly nextInputsFn?: Layer;
  /** Inputs of the same steps to be read beside given inputs and outputs alike, on the last axis. */
  readonly auxiliaryInputs?: TensorLike;
}

/**
 * Reads given inputs, but in rows chosen anew at each step, with the probability `samplingProbability` (a scalar, or [batch]), what was
 * written itself. What it samples is 1 in the rows chosen, else 0. TensorFlow: `tf.contrib.seq2seq.ScheduledOutputTrainingHelper`.
 */
export class ScheduledOutputTrainingHelper extends TrainingHelper {
  readonly #rate: Tensor;
  readonly #auxiliary: SequenceReader | undefined;
  readonly #options: ScheduledOutputTrainingHelperOptions;

  constructor(
    inputs: TensorLike,
    sequenceLength: TensorLike,
    samplingProbability: TensorLike,
    options: ScheduledOutputTrainingHelperOptions = {},
  ) {
    const { auxiliaryInputs, timeMajor = false } = options;
    super(auxiliaryInputs === undefined ? inputs : concat([inputs, auxiliaryInputs], -1), sequenceLength, options);
    this.#rate = samplingRate('ScheduledOutputTrainingHelper', samplingProbability);
    this.#options = options;
    if (auxiliaryInputs !== undefined)
      this.#auxiliary = new SequenceReader('ScheduledOutputTrainingHelper', auxiliaryInputs, timeMajor);
  }

  override sample(): Tensor {
    return cast(sampledRows(this.#rate, this.batchSize, this.#options.seed), 'int32');
  }

  override nextInputs<S>(time: Tensor, outputs: Tensor, state: S, sampleIds: Tensor): NextInputs<S> {
    const [finished, given] = super.nextInputs(time, outputs, state, sampleIds);
    const written = applyLayer(this.#options.nextInputsFn, outputs);
    const own =
      this.#auxiliary === undefined
        ? written
        : concat([written, this.#auxiliary.readUnless(finished, time.add(1))], -1);
    return [finished, where(equal(sampleIds, 1), own, given), state];
  }
}
