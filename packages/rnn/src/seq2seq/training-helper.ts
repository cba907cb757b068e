import { type Tensor, type TensorLike, argMax, dimOf, equal, greaterEqual } from '@tensorloom/graph';
import { checkedLengths } from '../drivers/sequence-length.js';
import type { Helper, NextInputs } from './helper.js';
import { SequenceReader } from './sequence-reader.js';

/** Options of helpers that read given inputs. */
export interface TrainingHelperOptions {
  /** Whether the first axis of the inputs is time; default false: [batch, time, ...]. */
  readonly timeMajor?: boolean;
}

/**
 * Reads given inputs [batch, time, ...], each row to its length (int32 [batch]), whatever is written: for training. What it samples is the likeliest id.
 * TensorFlow: `tf.contrib.seq2seq.TrainingHelper`.
 */
export class TrainingHelper implements Helper<unknown> {
  readonly batchSize: Tensor;
  readonly sampleIdsDtype = 'int32';
  protected readonly sequenceLength: Tensor;
  readonly #rows: SequenceReader;

  constructor(inputs: TensorLike, sequenceLength: TensorLike, { timeMajor = false }: TrainingHelperOptions = {}) {
    this.#rows = new SequenceReader('TrainingHelper', inputs, timeMajor);
    const { steps, batch } = this.#rows;
    this.sequenceLength = checkedLengths(sequenceLength, steps, batch, 'TrainingHelper');
    this.batchSize = dimOf(this.sequenceLength, 0);
  }

  initialize(): readonly [Tensor, Tensor] {
    const finished = equal(this.sequenceLength, 0);
    return [finished, this.#rows.readUnless(finished, 0)];
  }

  sample(_time: Tensor, outputs: Tensor): Tensor {
    return argMax(outputs, -1);
  }

  nextInputs<S>(time: Tensor, _outputs: Tensor, state: S, _sampleIds: Tensor): NextInputs<S> {
    const next = time.add(1);
    const finished = greaterEqual(next, this.sequenceLength);
    return [finished, this.#rows.readUnless(finished, next), state];
  }
}
