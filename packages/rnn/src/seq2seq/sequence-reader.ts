import {
  type Tensor,
  TensorArray,
  type TensorLike,
  cond,
  dimOf,
  reduceAll,
  refuse,
  shapeOf,
  showSpec,
  toTensor,
  transpose,
  zeros,
} from '@tensorloom/graph';

/** The steps of a batch of sequences, to be read one by one. */
export class SequenceReader {
  readonly steps: Tensor;
  readonly batch: Tensor;
  readonly #rows: TensorArray;
  readonly #first: Tensor;

  constructor(what: string, inputs: TensorLike, timeMajor: boolean) {
    const given = toTensor(inputs, undefined, what);
    const rank = given.shape?.length ?? 0;
    if (rank < 2)
      refuse(what, `expected inputs [batch, time, ...] of known rank, got ${showSpec(given.spec)}. Reshape them.`, [
        given,
      ]);
    const x = timeMajor ? given : transpose(given, [1, 0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2)]);
    this.steps = dimOf(x, 0);
    this.batch = dimOf(x, 1);
    this.#rows = new TensorArray(x.dtype, this.steps).unstack(x);
    this.#first = zeros(shapeOf(x).slice([1], [rank - 1]), { dtype: x.dtype });
  }

  /** The inputs at `time`, [batch, ...]; zeros when all rows are finished, as there may be no such step. */
  readUnless(finished: Tensor, time: TensorLike): Tensor {
    return cond(
      reduceAll(finished),
      () => this.#first,
      () => this.#rows.read(time),
    );
  }
}
