import {
  type Tensor,
  type TensorLike,
  add,
  cast,
  dimOf,
  div,
  equal,
  expandDims,
  floordiv,
  log,
  logicalNot,
  logicalOr,
  minimum,
  mod,
  mul,
  oneHot,
  onesLike,
  pow,
  reduceSum,
  reshape,
  topK,
  where,
  zerosLike,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { takeBeams } from './take-beams.js';

/** What a `BeamSearchDecoder` puts out at a step, each [batch, beams]. TensorFlow: `BeamSearchDecoderOutput`. */
export interface BeamSearchDecoderOutput extends Readonly<Record<string, Tensor>> {
  /** By which the beams were chosen: their log probabilities with the penalties. */
  readonly scores: Tensor;
  /** The ids written. */
  readonly predictedIds: Tensor;
  /** The beam of the step before that each goes on from. */
  readonly parentIds: Tensor;
}

/** Beams, each [batch, beams]. */
export type Beams = {
  /** Logarithms of the probabilities of what was written. */
  readonly logProbs: Tensor;
  /** Whether the end was written. */
  readonly finished: Tensor;
  /** How many ids were written, the end among them. */
  readonly lengths: Tensor;
  /** How much attention each part of the source has had so far, [batch, beams, time]; [] without a coverage penalty. */
  readonly accumulatedAttentionProbs: Tensor | readonly [];
};

/** How beams are scored. */
export interface BeamScoring {
  readonly endToken: Tensor;
  /** Scores are divided by ((5 + length) / 6) to this power. */
  readonly lengthPenaltyWeight: TensorLike;
  /** How much a finished beam loses where a part of the source has had little attention. */
  readonly coveragePenaltyWeight: TensorLike;
}

/**
 * One step of the search: of all that the beams could write next, `logits` [batch, beams, classes], the best. A finished beam writes
 * nothing but the end. `attention` [batch, beams, time] is what the step gave each part of the source.
 */
export function beamSearchStep(
  logits: Tensor,
  beams: Beams,
  attention: Tensor | undefined,
  { endToken, lengthPenaltyWeight, coveragePenaltyWeight }: BeamScoring,
): readonly [BeamSearchDecoderOutput, Beams] {
  const { dtype } = logits;
  const [batch, width, classes] = [0, 1, 2].map((axis) => dimOf(logits, axis));
  const unfinished = logicalNot(beams.finished);
  const ends = (onValue: number, offValue: number, of: 'int32' | Tensor['dtype']): Tensor =>
    oneHot(endToken, classes, { onValue, offValue, dtype: of });

  const finishedLogProbs = add(ends(0, lowest(dtype), dtype), zerosLike(logits));
  const isFinished = logicalOr(expandDims(beams.finished, 2), zerosLike(logits, { dtype: 'bool' }));
  const stepLogProbs = where(isFinished, finishedLogProbs, nn.logSoftmax(logits));
  const totals = expandDims(beams.logProbs, 2).add(stepLogProbs);
  // The end counts for no length here, as in TensorFlow, though it does in the lengths kept.
  const lengths = expandDims(beams.lengths, 2).add(mul(ends(0, 1, 'int32'), expandDims(cast(unfinished, 'int32'), 2)));

  const seen =
    attention === undefined || !isOne(beams.accumulatedAttentionProbs)
      ? undefined
      : beams.accumulatedAttentionProbs.add(mul(attention, expandDims(cast(unfinished, dtype), 2)));
  let scores =
    lengthPenaltyWeight === 0 ? totals : div(totals, lengthPenalty(cast(lengths, dtype), lengthPenaltyWeight));
  if (seen !== undefined) {
    const penalty = mul(coveragePenalty(seen), cast(beams.finished, dtype)).mul(coveragePenaltyWeight);
    scores = scores.add(expandDims(penalty, 2));
  }

  const [best, at] = topK(reshape(scores, [batch, width.mul(classes)]), width);
  const parentIds = floordiv(at, classes);
  const predictedIds = mod(at, classes);
  const wereFinished = takeBeams(beams.finished, parentIds);
  return [
    { scores: best, predictedIds, parentIds },
    {
      logProbs: takeBeams(reshape(totals, [batch, width.mul(classes)]), at),
      finished: logicalOr(wereFinished, equal(predictedIds, endToken)),
      lengths: takeBeams(beams.lengths, parentIds).add(cast(logicalNot(wereFinished), 'int32')),
      accumulatedAttentionProbs: seen === undefined ? [] : takeBeams(seen, parentIds),
    },
  ];
}

/** Y. Wu et al., "Google's Neural Machine Translation System", 2016, equation 14. */
const lengthPenalty = (lengths: Tensor, weight: TensorLike): Tensor => pow(div(lengths.add(5), 6), weight);

/** The same paper's coverage penalty, where parts of the source that had no attention at all are taken to be past its end. */
const coveragePenalty = (seen: Tensor): Tensor =>
  reduceSum(log(minimum(where(equal(seen, 0), onesLike(seen), seen), 1)), 2);

const isOne = (x: Tensor | readonly []): x is Tensor => !Array.isArray(x);

/** The lowest finite number. */
const lowest = (dtype: Tensor['dtype']): number => (dtype === 'float64' ? -Number.MAX_VALUE : -3.4028234663852886e38);
