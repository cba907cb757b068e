import { type Tensor, cast, div, learnedCandidates, nameScope, reshape, shapeOf } from '@tensorloom/graph';
import { type CandidateSampler, checkCounts, checkedClasses, expectedCount } from './candidate-sampler.js';

const FN = 'learnedUnigramCandidateSampler';

/**
 * Draws classes as often as they were true ones so far, and once more: each execution draws, then counts its true classes. A session counts
 * for itself, from nothing. `unique` ones are drawn again until they differ. True classes out of range fail the run. TensorFlow:
 * `tf.nn.learned_unigram_candidate_sampler`.
 */
export const learnedUnigramCandidateSampler: CandidateSampler = (
  trueClasses,
  numTrue,
  numSampled,
  unique,
  rangeMax,
  { seed, name = FN } = {},
) =>
  nameScope(name, () => {
    const labels = checkedClasses(FN, trueClasses, numTrue);
    checkCounts(FN, { numSampled, rangeMax });
    const candidates = learnedCandidates(numSampled, rangeMax, unique, reshape(labels, [-1]), { seed });
    const { drawn, drawnSeen, classesSeen, allSeen } = candidates;
    const expected = (seen: Tensor): Tensor =>
      expectedCount(div(cast(seen, 'float32'), cast(allSeen, 'float32')), numSampled, unique, candidates);
    return [drawn, reshape(expected(classesSeen), shapeOf(labels)), expected(drawnSeen)];
  });
