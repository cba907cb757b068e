import { type TensorLike, nameScope, ones, onesLike, cast, range } from '@tensorloom/graph';
import { type CandidateSamplerOptions, type SampledValues, checkCounts, checkedClasses } from './candidate-sampler.js';

/**
 * All classes from 0 to numSampled - 1, each expected once: sampled losses are then those on all classes, which is good for tests. `unique`
 * and the seed change nothing. TensorFlow: `tf.nn.all_candidate_sampler`.
 */
export const allCandidateSampler = (
  trueClasses: TensorLike,
  numTrue: number,
  numSampled: number,
  _unique: boolean,
  { name = 'allCandidateSampler' }: CandidateSamplerOptions = {},
): SampledValues =>
  nameScope(name, () => {
    const labels = checkedClasses('allCandidateSampler', trueClasses, numTrue);
    checkCounts('allCandidateSampler', { numSampled });
    return [range(numSampled), onesLike(cast(labels, 'float32')), ones([numSampled])];
  });
