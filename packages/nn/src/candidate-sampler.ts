import {
  type Candidates,
  type Tensor,
  type TensorLike,
  cast,
  expm1,
  log1p,
  mul,
  neg,
  refuse,
  showSpec,
  toTensor,
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

/** True classes as a tensor. Throws, in the name of `fn`, when they are not int32 [batch, numTrue]. */
export function checkedClasses(fn: string, trueClasses: TensorLike, numTrue: number): Tensor {
  const classes = toTensor(trueClasses, 'int32', fn);
  if (classes.dtype === 'int32' && classes.shape?.length === 2 && (classes.shape[1] ?? numTrue) === numTrue)
    return classes;
  return refuse(fn, `expected true classes int32 [batch, ${numTrue}], got ${showSpec(classes.spec)}.`, [classes]);
}

/** Throws, in the name of `fn`, at a number that is not a positive integer. */
export function checkCounts(fn: string, counts: Readonly<Record<string, number>>): void {
  for (const [what, n] of Object.entries(counts))
    if (!Number.isInteger(n) || n < 1) refuse(fn, `expected ${what} to be a positive integer, got ${n}.`);
}

/** How often a class of probability p is expected among `numSampled` that were drawn in `tries`. */
export function expectedCount(p: Tensor, numSampled: number, unique: boolean, { tries }: Candidates): Tensor {
  if (!unique) return mul(p, numSampled);
  // Of as many tries as numbers, none was drawn twice, and their number is no matter of chance.
  const often = cast(tries, 'float32');
  return where(tries.equal(numSampled), mul(p, numSampled), neg(expm1(mul(often, log1p(neg(p))))));
}
