import {
  type Candidates,
  type Tensor,
  type TensorLike,
  add,
  cast,
  div,
  expm1,
  fill,
  log,
  log1p,
  logUniformCandidates,
  mul,
  nameScope,
  neg,
  refuse,
  shapeOf,
  showSpec,
  toTensor,
  uniformCandidates,
  where,
} from '@tensorloom/graph';

/** What a candidate sampler gives: classes [numSampled] int32, and how often the true and the sampled ones are expected among as many. */
export type SampledValues = readonly [
  sampledCandidates: Tensor,
  trueExpectedCount: Tensor,
  sampledExpectedCount: Tensor,
];

/** Options of a candidate sampler. */
export interface CandidateSamplerOptions {
  /** Op seed; see `setRandomSeed`. */
  readonly seed?: number | undefined;
  readonly name?: string;
}

/** Draws classes to compare the true ones [batch, numTrue] with. */
export type CandidateSampler = (
  trueClasses: TensorLike,
  numTrue: number,
  numSampled: number,
  unique: boolean,
  rangeMax: number,
  options?: CandidateSamplerOptions,
) => SampledValues;

const sampler =
  (
    fn: string,
    draw: (count: number, range: number, unique: boolean, options: CandidateSamplerOptions) => Candidates,
    probability: (classes: Tensor, rangeMax: number) => Tensor,
  ): CandidateSampler =>
  (trueClasses, numTrue, numSampled, unique, rangeMax, { seed, name = fn } = {}) =>
    nameScope(name, () => {
      const labels = toTensor(trueClasses, 'int32', fn);
      if (labels.dtype !== 'int32' || labels.shape?.length !== 2 || (labels.shape[1] ?? numTrue) !== numTrue) {
        return refuse(fn, `expected true classes int32 [batch, ${numTrue}], got ${showSpec(labels.spec)}.`, [labels]);
      }
      for (const [what, n] of Object.entries({ numSampled, rangeMax })) {
        if (!Number.isInteger(n) || n < 1) return refuse(fn, `expected ${what} to be a positive integer, got ${n}.`);
      }
      const { drawn, tries } = draw(numSampled, rangeMax, unique, { seed });
      const often = cast(tries, 'float32');
      const expected = (classes: Tensor): Tensor => {
        const p = probability(classes, rangeMax);
        if (!unique) return mul(p, numSampled);
        // Of as many tries as numbers, none was drawn twice, and their number is no matter of chance.
        return where(tries.equal(numSampled), mul(p, numSampled), neg(expm1(mul(often, log1p(neg(p))))));
      };
      return [drawn, expected(labels), expected(drawn)];
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
