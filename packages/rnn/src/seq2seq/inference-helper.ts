import {
  type DType,
  type Tensor,
  type TensorLike,
  compatible,
  dimOf,
  fill,
  refuse,
  showSpec,
  tensorSpec,
  toTensor,
} from '@tensorloom/graph';
import type { Helper, NextInputs } from './helper.js';

/** Options of `InferenceHelper`. */
export interface InferenceHelperOptions {
  /** What the next step reads, given what was sampled; default: what was sampled. */
  readonly nextInputsFn?: (samples: Tensor) => Tensor;
}

/**
 * Reads what a function of the outputs says, until another says that a row is at its end: `sampleFn` gives samples of shape
 * [batch, ...sampleShape] and dtype `sampleDtype` for outputs [batch, depth], `endFn` whether each is the last, bool [batch]. The first step reads `startInputs`
 * [batch, ...]. TensorFlow: `tf.contrib.seq2seq.InferenceHelper`.
 */
export class InferenceHelper implements Helper<unknown> {
  readonly batchSize: Tensor;
  readonly #start: Tensor;
  readonly #next: (samples: Tensor) => Tensor;

  constructor(
    private readonly sampleFn: (outputs: Tensor) => Tensor,
    private readonly sampleShape: readonly number[],
    readonly sampleIdsDtype: DType,
    startInputs: TensorLike,
    private readonly endFn: (samples: Tensor) => Tensor,
    { nextInputsFn = (samples) => samples }: InferenceHelperOptions = {},
  ) {
    this.#start = toTensor(startInputs, undefined, 'InferenceHelper');
    if (this.#start.shape === undefined || this.#start.shape.length === 0) {
      refuse(
        'InferenceHelper',
        `expected startInputs [batch, ...] of known rank, got ${showSpec(this.#start.spec)}. Reshape them.`,
        [this.#start],
      );
    }
    this.#next = nextInputsFn;
    this.batchSize = dimOf(this.#start, 0);
  }

  initialize(): readonly [Tensor, Tensor] {
    return [fill([this.batchSize], false), this.#start];
  }

  sample(_time: Tensor, outputs: Tensor): Tensor {
    const samples = this.sampleFn(outputs);
    const want = [null, ...this.sampleShape];
    if (samples.dtype === this.sampleIdsDtype && compatible(samples.shape, want)) return samples;
    return refuse(
      'InferenceHelper',
      `expected sampleFn to return ${showSpec(tensorSpec(this.sampleIdsDtype, want))}, as sampleShape and sampleDtype say, got ${showSpec(samples.spec)}.`,
      [samples],
    );
  }

  nextInputs<S>(_time: Tensor, _outputs: Tensor, state: S, samples: Tensor): NextInputs<S> {
    return [this.endFn(samples), this.#next(samples), state];
  }
}
