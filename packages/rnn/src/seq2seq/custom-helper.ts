import { type DType, type Tensor, dimOf } from '@tensorloom/graph';
import type { Helper, NextInputs } from './helper.js';

/** Options of `CustomHelper`. */
export interface CustomHelperOptions {
  /** The dtype of what `sampleFn` returns; default int32. */
  readonly sampleIdsDtype?: DType;
}

/** A helper made of three functions; see `Helper` for what each does. TensorFlow: `tf.contrib.seq2seq.CustomHelper`. */
export class CustomHelper<S> implements Helper<S> {
  readonly batchSize: Tensor;
  readonly sampleIdsDtype: DType;
  readonly #first: readonly [Tensor, Tensor];

  constructor(
    initializeFn: () => readonly [finished: Tensor, firstInputs: Tensor],
    private readonly sampleFn: (time: Tensor, outputs: Tensor, state: S) => Tensor,
    private readonly nextInputsFn: (time: Tensor, outputs: Tensor, state: S, sampleIds: Tensor) => NextInputs<S>,
    { sampleIdsDtype = 'int32' }: CustomHelperOptions = {},
  ) {
    this.#first = initializeFn();
    this.batchSize = dimOf(this.#first[0], 0);
    this.sampleIdsDtype = sampleIdsDtype;
  }

  initialize(): readonly [Tensor, Tensor] {
    return this.#first;
  }

  sample(time: Tensor, outputs: Tensor, state: S): Tensor {
    return this.sampleFn(time, outputs, state);
  }

  nextInputs(time: Tensor, outputs: Tensor, state: S, sampleIds: Tensor): NextInputs<S> {
    return this.nextInputsFn(time, outputs, state, sampleIds);
  }
}
