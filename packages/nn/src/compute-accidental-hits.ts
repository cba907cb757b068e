import {
  type Tensor,
  type TensorLike,
  cast,
  cumsum,
  equal,
  expandDims,
  fill,
  floordiv,
  greaterEqual,
  nameScope,
  range,
  reduceMax,
  reduceSum,
  refuse,
  reshape,
  showSpec,
  size,
  sub,
  toTensor,
  unsortedSegmentSum,
  where,
} from '@tensorloom/graph';
import { type CandidateSamplerOptions, checkedClasses } from './candidate-sampler.js';

/** Where candidates are true classes, an entry for each hit: its row, which candidate it is, and a weight that takes the candidate out of logits. */
export type AccidentalHits = readonly [indices: Tensor, ids: Tensor, weights: Tensor];

/** The most negative float32. */
const LOWEST = -3.4028234663852886e38;

/**
 * The true classes [batch, numTrue] that are among the sampled candidates [numSampled], in order: rows int32 [hits], positions of the candidates int32 [hits],
 * and weights float32 [hits], the most negative number, to be added to the logits of candidates. Of equal candidates the last is hit.
 * Throws when shapes differ. TensorFlow: `tf.nn.compute_accidental_hits`.
 */
export function computeAccidentalHits(
  trueClasses: TensorLike,
  sampledCandidates: TensorLike,
  numTrue: number,
  { name = 'computeAccidentalHits' }: CandidateSamplerOptions = {},
): AccidentalHits {
  const fn = 'computeAccidentalHits';
  const labels = checkedClasses(fn, trueClasses, numTrue);
  const sampled = toTensor(sampledCandidates, 'int32', fn);
  if (sampled.dtype !== 'int32' || sampled.shape?.length !== 1)
    return refuse(fn, `expected sampled candidates int32 [numSampled], got ${showSpec(sampled.spec)}.`, [sampled]);
  return nameScope(name, () => {
    const matches = equal(expandDims(labels, 2), reshape(sampled, [1, 1, -1]));
    // Which candidate each true class is, -1 where it is none.
    const candidate = reshape(reduceMax(where(matches, range(size(sampled)), -1), 2), [-1]);
    const isHit = greaterEqual(candidate, 0);
    const hits = cast(isHit, 'int32');
    const count = reduceSum(hits);
    const place = where(isHit, sub(cumsum(hits), 1), -1);
    const ofHits = (x: Tensor): Tensor => unsortedSegmentSum(x, place, count);
    const rows = floordiv(range(size(labels)), numTrue);
    return [ofHits(rows), ofHits(candidate), fill(reshape(count, [1]), LOWEST)];
  });
}
