import {
  type Candidates,
  type Tensor,
  add,
  cast,
  div,
  fill,
  log,
  logUniformCandidates,
  nameScope,
  shapeOf,
  uniformCandidates,
} from '@tensorloom/graph';
import {
  type CandidateSampler,
  type CandidateSamplerOptions,
  checkCounts,
  checkedClasses,
  expectedCount,
} from './candidate-sampler.js';

const sampler =
  (
    fn: string,
    draw: (count: number, range: number, unique: boolean, options: CandidateSamplerOptions) => Candidates,
    probability: (classes: Tensor, rangeMax: number) => Tensor,
  ): CandidateSampler =>
  (trueClasses, numTrue, numSampled, unique, rangeMax, { seed, name = fn } = {}) =>
    nameScope(name, () => {
      const labels = checkedClasses(fn, trueClasses, numTrue);
      checkCounts(fn, { numSampled, rangeMax });
      const candidates = draw(numSampled, rangeMax, unique, { seed });
      const expected = (classes: Tensor): Tensor =>
        expectedCount(probability(classes, rangeMax), numSampled, unique, candidates);
      return [candidates.drawn, expected(labels), expected(candidates.drawn)];
    });

/**
 * Draws classes with the probability P(k) = log((k + 2) / (k + 1)) / log(rangeMax + 1): for classes in falling order of how frequent they
 * are. `unique` ones are drawn again until they differ. TensorFlow: `tf.nn.log_uniform_candidate_sampler`.
 */
export const logUniformCandidateSampler: CandidateSampler = sampler(
  'logUniformCandidateSampler',
  logUniformCandidates,
  (classes, rangeMax) => {
    const k = cast(classes, 'float32');
    return div(log(div(add(k, 2), add(k, 1))), Math.log(rangeMax + 1));
  },
);

/** Draws classes that are all equally likely. TensorFlow: `tf.nn.uniform_candidate_sampler`. */
export const uniformCandidateSampler: CandidateSampler = sampler(
  'uniformCandidateSampler',
  uniformCandidates,
  (classes, rangeMax) => fill(shapeOf(classes), 1 / rangeMax),
);
