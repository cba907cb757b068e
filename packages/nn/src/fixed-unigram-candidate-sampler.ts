import {
  type TensorLike,
  type Tensor,
  constant,
  gather,
  nameScope,
  refuse,
  weightedCandidates,
} from '@tensorloom/graph';
import {
  type CandidateSamplerOptions,
  type SampledValues,
  checkCounts,
  checkedClasses,
  expectedCount,
} from './candidate-sampler.js';

/** Options of `fixedUnigramCandidateSampler`. */
export interface FixedUnigramOptions extends CandidateSamplerOptions {
  /** How often each class occurs, or how likely it is, in the order of the classes from `numReservedIds`. */
  readonly unigrams: ArrayLike<number>;
  /** The power that each of them is raised to: 1, the default, leaves them, 0 makes all classes equally likely. */
  readonly distortion?: number;
  /** How many classes there are before those of `unigrams`, which are never drawn; default 0. */
  readonly numReservedIds?: number;
  /** Of how many samplers this is one, each with every so many-th class; default 1. */
  readonly numShards?: number;
  /** Which of them it is, from 0. */
  readonly shard?: number;
}

const FN = 'fixedUnigramCandidateSampler';

/**
 * Draws classes with the probabilities of a given list; see `FixedUnigramOptions`. `unique` ones are drawn again until they differ. With shards,
 * classes are counted among those of the shard. Throws when the list does not give `rangeMax` classes with weights that can be drawn. TensorFlow:
 * `tf.nn.fixed_unigram_candidate_sampler`, without its files: read the counts first.
 */
export function fixedUnigramCandidateSampler(
  trueClasses: TensorLike,
  numTrue: number,
  numSampled: number,
  unique: boolean,
  rangeMax: number,
  options: FixedUnigramOptions,
): SampledValues {
  const { seed, name = FN } = options;
  return nameScope(name, () => {
    const labels = checkedClasses(FN, trueClasses, numTrue);
    checkCounts(FN, { numSampled, rangeMax });
    const weights = weightsOf(options);
    if (weights.length !== rangeMax) {
      return refuse(
        FN,
        `expected a weight for each of the ${rangeMax} classes, got ${weights.length}. Give rangeMax less numReservedIds unigrams, or rangeMax for the shard.`,
      );
    }
    const total = weights.reduce((sum, w) => sum + w, 0);
    const likely = weights.filter((w) => w > 0).length;
    if (likely === 0 || !weights.every((w) => w >= 0 && w < Infinity)) {
      return refuse(FN, 'expected unigrams that are finite and not negative, at least one above 0. Count again.');
    }
    if (unique && numSampled > likely) {
      return refuse(
        FN,
        `there are no ${numSampled} different classes to draw, only ${likely} have a weight. Draw fewer, or not unique ones.`,
      );
    }
    const candidates = weightedCandidates(numSampled, constant(weights, { dtype: 'float32' }), unique, { seed });
    const probabilities = constant(
      weights.map((w) => w / total),
      { dtype: 'float32' },
    );
    const expected = (classes: Tensor): Tensor =>
      expectedCount(gather(probabilities, classes), numSampled, unique, candidates);
    return [candidates.drawn, expected(labels), expected(candidates.drawn)];
  });
}

/** The weights of the classes of a shard. */
function weightsOf({
  unigrams,
  distortion = 1,
  numReservedIds = 0,
  numShards = 1,
  shard = 0,
}: FixedUnigramOptions): number[] {
  const isCount = (n: number): boolean => Number.isInteger(n) && n >= 0;
  if (!Number.isFinite(distortion)) return refuse(FN, `expected a finite distortion, got ${distortion}.`);
  if (!isCount(numReservedIds))
    return refuse(FN, `expected numReservedIds as an integer from 0, got ${numReservedIds}.`);
  checkCounts(FN, { numShards });
  if (!isCount(shard) || shard >= numShards)
    return refuse(FN, `expected a shard from 0 to ${numShards - 1}, got ${shard}. It is one of numShards.`);
  const isMine = (_: number, id: number): boolean => id % numShards === shard;
  const reserved = new Array<number>(numReservedIds).fill(0).filter(isMine);
  // TensorFlow goes on counting from the shard's own reserved classes, rather than from all of them.
  const mine = Array.from(unigrams).filter((_, i) => isMine(0, reserved.length + i));
  return [...reserved, ...mine.map((w) => Math.fround(Math.fround(w) ** distortion))];
}
