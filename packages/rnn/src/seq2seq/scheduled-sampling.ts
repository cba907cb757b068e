import {
  type Tensor,
  type TensorLike,
  less,
  randomUniform,
  refuse,
  showSpec,
  stack,
  toTensor,
} from '@tensorloom/graph';

/** The probability with which rows are chosen: a scalar, or one for each row. */
export function samplingRate(what: string, probability: TensorLike): Tensor {
  const rate = toTensor(probability, 'float32', what);
  if (rate.shape !== undefined && rate.shape.length > 1) {
    refuse(
      what,
      `expected samplingProbability to be a scalar or [batch], got ${showSpec(rate.spec)}. Give one probability, or one for each row.`,
      [rate],
    );
  }
  return rate;
}

/** Which rows are chosen: each with the probability `rate`. */
export const sampledRows = (rate: Tensor, batch: Tensor, seed: number | undefined): Tensor =>
  less(randomUniform(stack([batch]), seed === undefined ? {} : { seed }), rate);
