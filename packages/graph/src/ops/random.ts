import { apply1, defaultGraph } from '../context.js';
import { type DType, isFloating } from '../dtype.js';
import { refuse } from '../node.js';
import { type InputSpec, type Op, makeOp, tensorInput } from '../op.js';
import { nameScope } from '../scopes.js';
import { type Dim, compatible } from '../shape.js';
import { showSpec, tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { type TensorLike, toInts, toTensor } from './convert.js';
import { add, mul, sub } from './elementwise.js';
import { gather } from './gather.js';
import { shapeOperand } from './shape-inference.js';
import { type ShapeLike, dimOf, reshape, slice, toShape } from './shape.js';

/** Identifies the stream of random numbers that a random op draws from; copies of the op share it. */
export class RandomStreamId {
  constructor(
    /** `setRandomSeed`'s seed at the time the op was made. */
    readonly graphSeed: number | undefined,
    readonly opSeed: number | undefined,
    /** How many nodes the outermost graph had before: the op seed when only a graph seed is given. */
    readonly index: number,
  ) {}
}

/** Attributes of the ops that draw random numbers. */
export interface RandomAttrs {
  readonly dtype: DType;
  readonly stream: RandomStreamId;
}

const drawing = (name: string): Op<RandomAttrs> =>
  makeOp<RandomAttrs>({
    name,
    effect: 'random',
    onHost: true,
    hostInputs: [0, 1, 2],
    infer([dims, ...bounds], { dtype }) {
      const [low = null, high = null] = bounds.map(({ value }) => value?.[0] ?? null);
      if (low !== null && high !== null && low >= high) {
        throw new RangeError(
          `${name}: there are no integers from ${low} up to ${high}, expected minval below maxval. Swap or widen them.`,
        );
      }
      return [tensorSpec(dtype, shapeOperand(name, dims))];
    },
    show: showStream,
  });

/** (count, range, unique): how many numbers below `range` to draw, and whether no two may be equal; then how often it drew. */
const candidates = (name: string): Op<RandomAttrs> =>
  makeOp<RandomAttrs>({
    name,
    effect: 'random',
    onHost: true,
    hostInputs: [0, 1, 2],
    infer([count, range, unique]) {
      const n = distinctCount(name, count, range, unique);
      return [tensorSpec('int32', [n === null ? null : n + 1])];
    },
    show: showStream,
  });

/** The family that draws random numbers, on the host for every backend: TensorFlow's bits (Philox4x32-10). */
export const random = {
  /** (shape): uniform in [0, 1). */
  uniform: drawing('RandomUniform'),
  /** (shape, low, high): integers in [low, high). */
  uniformInt: drawing('RandomUniformInt'),
  /** (shape): standard normal. */
  normal: drawing('RandomStandardNormal'),
  /** (shape): standard normal, redrawn beyond two standard deviations. */
  truncatedNormal: drawing('TruncatedNormal'),
  /** (n): the integers from 0 to n - 1 in random order. */
  permutation: makeOp<RandomAttrs>({
    name: 'RandomPermutation',
    effect: 'random',
    onHost: true,
    hostInputs: [0],
    infer: ([n]) => [tensorSpec('int32', [countInput('RandomPermutation', n)])],
    show: showStream,
  }),
  /** (logits[rows, classes], n): n classes for each row. */
  multinomial: makeOp<RandomAttrs>({
    name: 'Multinomial',
    effect: 'random',
    onHost: true,
    hostInputs: [0, 1],
    infer([logits, n]) {
      const { dtype, shape } = tensorInput('Multinomial', logits);
      if (!isFloating(dtype) || !compatible(shape, [null, null])) {
        throw new TypeError(`Multinomial: expected floating logits [rows, classes], got ${showSpec(logits.spec)}.`);
      }
      return [tensorSpec('int32', [shape?.[0] ?? null, countInput('Multinomial', n)])];
    },
    show: showStream,
  }),
  /** (count, range, unique): numbers k below `range`, drawn with a probability of about 1 / (k + 1), and how often it drew. */
  logUniformCandidates: candidates('LogUniformCandidates'),
  /** The same, each number as likely as any other. */
  uniformCandidates: candidates('UniformCandidates'),
  /** (count, weights[range], unique): the same, each number drawn with its weight. */
  weightedCandidates: makeOp<RandomAttrs>({
    name: 'WeightedCandidates',
    effect: 'random',
    onHost: true,
    hostInputs: [0, 1, 2],
    infer([count, weights]) {
      const { dtype, shape } = tensorInput('WeightedCandidates', weights);
      if (!isFloating(dtype) || !compatible(shape, [null]))
        throw new TypeError(`WeightedCandidates: expected floating weights [range], got ${showSpec(weights.spec)}.`);
      const n = countInput('WeightedCandidates', count);
      return [tensorSpec('int32', [n === null ? null : n + 1])];
    },
    show: showStream,
  }),
  /**
   * (count, range, unique, classes[n]): the same, each number drawn as often as it was among the classes of earlier executions in the
   * session, and once more; then how often that is for each number drawn, for each of the classes, and for all numbers together.
   */
  learnedCandidates: makeOp<RandomAttrs>({
    name: 'LearnedCandidates',
    effect: 'random',
    onHost: true,
    hostInputs: [0, 1, 2, 3],
    infer([count, range, unique, classes]) {
      const { dtype, shape } = tensorInput('LearnedCandidates', classes);
      if (dtype !== 'int32' || !compatible(shape, [null]))
        throw new TypeError(`LearnedCandidates: expected classes int32 [n], got ${showSpec(classes.spec)}.`);
      const n = distinctCount('LearnedCandidates', count, range, unique);
      const seen = shape?.[0] ?? null;
      return [tensorSpec('int32', [n === null || seen === null ? null : 2 * n + seen + 2])];
    },
    show: showStream,
  }),
};

function showStream({ dtype, stream }: RandomAttrs): string {
  return `${dtype} seed ${stream.opSeed ?? '-'}`;
}

/** A number of things, as far as it is known. */
function countInput(op: string, n: InputSpec): Dim {
  const spec = tensorInput(op, n);
  const [count = null] = n.value ?? [];
  if (spec.dtype !== 'int32' || !compatible(spec.shape, []) || (count !== null && count < 0))
    throw new TypeError(`${op}: expected a number as an int32 scalar from 0, got ${showSpec(spec)} ${count ?? ''}.`);
  return count;
}

/** How many numbers below `range` to draw; throws when they are to differ and there are not as many. */
function distinctCount(op: string, count: InputSpec, range: InputSpec, unique: InputSpec): Dim {
  const [n, below] = [countInput(op, count), countInput(op, range)];
  if (unique.value?.[0] === 1 && n !== null && below !== null && n > below)
    throw new RangeError(`${op}: there are no ${n} different numbers below ${below}. Draw fewer, or not unique ones.`);
  return n;
}

/** Options of every random op. */
export interface RandomOptions {
  /** Default float32. */
  readonly dtype?: DType;
  /** Op seed; see `setRandomSeed`. */
  readonly seed?: number | undefined;
  /** Name scope of the ops that it is made of. */
  readonly name?: string;
}

const draw = (op: Op<RandomAttrs>, inputs: readonly Tensor[], dtype: DType, seed: number | undefined): Tensor => {
  const { root } = defaultGraph();
  return apply1(op, inputs, { dtype, stream: new RandomStreamId(root.seed, seed, root.size) });
};

function checkFloat(op: string, dtype: DType): void {
  if (!isFloating(dtype)) refuse(op, `dtype is ${dtype}, expected float32 or float64. Draw floats and cast() them.`);
}

/** Uniform numbers in [minval, maxval), by default [0, 1); for int32, `maxval` must be given. TensorFlow: `tf.random_uniform`. */
export function randomUniform(
  dims: ShapeLike,
  {
    minval = 0,
    maxval,
    dtype = 'float32',
    seed,
    name = 'random_uniform',
  }: RandomOptions & { minval?: TensorLike; maxval?: TensorLike } = {},
): Tensor {
  return nameScope(name, () => {
    const shape = toShape(dims, 'randomUniform');
    const bound = (x: TensorLike): Tensor => toTensor(x, dtype, 'randomUniform');
    if (dtype === 'int32') {
      if (maxval === undefined) return refuse('randomUniform', 'expected maxval for int32, got none. Pass { maxval }.');
      return draw(random.uniformInt, [shape, bound(minval), bound(maxval)], dtype, seed);
    }
    checkFloat('randomUniform', dtype);
    const unit = draw(random.uniform, [shape], dtype, seed);
    if (minval === 0 && (maxval === undefined || maxval === 1)) return unit;
    const [low, high] = [bound(minval), bound(maxval ?? 1)];
    return add(mul(unit, sub(high, low)), low);
  });
}

const scaled =
  (op: Op<RandomAttrs>, fn: string, scope: string) =>
  (
    dims: ShapeLike,
    {
      mean = 0,
      stddev = 1,
      dtype = 'float32',
      seed,
      name = scope,
    }: RandomOptions & { mean?: TensorLike; stddev?: TensorLike } = {},
  ): Tensor =>
    nameScope(name, () => {
      checkFloat(fn, dtype);
      const unit = draw(op, [toShape(dims, fn)], dtype, seed);
      return add(mul(unit, toTensor(stddev, dtype, fn)), toTensor(mean, dtype, fn));
    });

/** Normal numbers of the given mean and standard deviation. TensorFlow: `tf.random_normal`. */
export const randomNormal = scaled(random.normal, 'randomNormal', 'random_normal');
/** Normal numbers, redrawn when beyond two standard deviations. TensorFlow: `tf.truncated_normal`. */
export const truncatedNormal = scaled(random.truncatedNormal, 'truncatedNormal', 'truncated_normal');

/** x with its rows, the parts along the first axis, in random order. TensorFlow: `tf.random_shuffle`. */
export function randomShuffle(
  x: TensorLike,
  { seed, name = 'RandomShuffle' }: Omit<RandomOptions, 'dtype'> = {},
): Tensor {
  const t = toTensor(x, undefined, 'randomShuffle');
  return nameScope(name, () => gather(t, draw(random.permutation, [dimOf(t, 0)], 'int32', seed)));
}

/**
 * `numSamples` classes, int32, drawn for each row of unnormalised log probabilities [rows, classes]: shape [rows, numSamples].
 * TensorFlow: `tf.multinomial`.
 */
export const multinomial = (
  logits: TensorLike,
  numSamples: TensorLike,
  { seed, name = 'multinomial' }: Omit<RandomOptions, 'dtype'> = {},
): Tensor =>
  nameScope(name, () =>
    draw(
      random.multinomial,
      [toTensor(logits, undefined, 'multinomial'), toInts(numSamples, 'multinomial')],
      'int32',
      seed,
    ),
  );

/** Numbers drawn from a range, and how often it was drawn for them: more often than there are, where no two may be equal. */
export interface Candidates {
  /** int32 [count]. */
  readonly drawn: Tensor;
  /** An int32 scalar. */
  readonly tries: Tensor;
}

type SeedOptions = Pick<RandomOptions, 'seed'>;

const scalarAt = (all: Tensor, at: number | Tensor): Tensor => reshape(slice(all, [at], [1]), []);

const drawingCandidates =
  (op: Op<RandomAttrs>) =>
  (count: number, range: number, unique: boolean, { seed }: SeedOptions = {}): Candidates => {
    const inputs = [count, range, unique ? 1 : 0].map((n) => toInts(n, op.name));
    const all = draw(op, inputs, 'int32', seed);
    return { drawn: slice(all, [0], [count]), tries: scalarAt(all, count) };
  };

/** Numbers k below `range`, each drawn with the probability log((k + 2) / (k + 1)) / log(range + 1). TensorFlow: `LogUniformSampler`. */
export const logUniformCandidates = drawingCandidates(random.logUniformCandidates);
/** Numbers below `range`, each as likely as any other. TensorFlow: `UniformSampler`. */
export const uniformCandidates = drawingCandidates(random.uniformCandidates);

/** Indices of `weights`, floating [range], each drawn with its weight. Weights that are 0 are never drawn. TensorFlow: `FixedUnigramSampler`. */
export function weightedCandidates(
  count: number,
  weights: TensorLike,
  unique: boolean,
  { seed }: SeedOptions = {},
): Candidates {
  const fn = 'weightedCandidates';
  const inputs = [toInts(count, fn), toTensor(weights, 'float32', fn), toInts(unique ? 1 : 0, fn)];
  const all = draw(random.weightedCandidates, inputs, 'int32', seed);
  return { drawn: slice(all, [0], [count]), tries: scalarAt(all, count) };
}

/** Numbers drawn by how often they were seen; what was seen counts one more than that. */
export interface LearnedCandidates extends Candidates {
  /** How often each of the numbers drawn had been seen, int32 [count]. */
  readonly drawnSeen: Tensor;
  /** How often each of the classes given had been seen, int32 [n]. */
  readonly classesSeen: Tensor;
  /** How often all numbers together had been seen: an int32 scalar. */
  readonly allSeen: Tensor;
}

/**
 * Numbers below `range`, each drawn as often as it was among `classes`, int32 [n], in earlier executions of the op in the session. Classes out of
 * range fail the run. TensorFlow: `UnigramSampler`.
 */
export function learnedCandidates(
  count: number,
  range: number,
  unique: boolean,
  classes: TensorLike,
  { seed }: SeedOptions = {},
): LearnedCandidates {
  const fn = 'learnedCandidates';
  const given = [count, range, unique ? 1 : 0, classes].map((x) => toInts(x, fn));
  const all = draw(random.learnedCandidates, given, 'int32', seed);
  const n = dimOf(given[3], 0);
  return {
    drawn: slice(all, [0], [count]),
    tries: scalarAt(all, count),
    drawnSeen: slice(all, [count + 1], [count]),
    classesSeen: slice(all, [2 * count + 1], [n]),
    allSeen: scalarAt(all, add(n, 2 * count + 1)),
  };
}
