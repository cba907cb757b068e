import {
  type Tensor,
  type TensorLike,
  type Variable,
  add,
  cast,
  compatible,
  concat,
  div,
  equal,
  expandDims,
  isFloating,
  isTensor,
  log,
  matmul,
  mul,
  nameScope,
  onesLike,
  reduceAny,
  reduceSum,
  refuse,
  reshape,
  showShape,
  showSpec,
  size,
  slice,
  stopGradient,
  sub,
  toTensor,
  where,
  zerosLike,
} from '@tensorloom/graph';
import type { SampledValues } from './candidate-sampler.js';
import { logUniformCandidateSampler } from './candidate-samplers.js';
import { softmaxCrossEntropyWithLogits } from './cross-entropy.js';
import { embeddingLookup } from './embedding-lookup.js';
import { sigmoidCrossEntropyWithLogits } from './sigmoid-cross-entropy.js';

/** What losses on sampled classes take. */
export interface SampledLossOptions {
  /** [numClasses, dim], or several tensors of rows; see `embeddingLookup`. */
  readonly weights: TensorLike | Variable | readonly (Tensor | Variable)[];
  /** [numClasses]. */
  readonly biases: TensorLike | Variable | readonly (Tensor | Variable)[];
  /** The true classes, int32 [batch, numTrue]. */
  readonly labels: TensorLike;
  /** What is classified, [batch, dim]. */
  readonly inputs: TensorLike;
  /** How many classes to sample for the whole batch. */
  readonly numSampled: number;
  readonly numClasses: number;
  /** True classes of each input; default 1. */
  readonly numTrue?: number;
  /** What a candidate sampler gave; default: different classes from a log-uniform one. */
  readonly sampledValues?: SampledValues;
  /** Whether sampled classes that are true ones of an input count nothing for it; default false for `nceLoss`, true for `sampledSoftmaxLoss`. */
  readonly removeAccidentalHits?: boolean;
  /** How rows lie in several weights; default 'mod'. */
  readonly partitionStrategy?: 'mod' | 'div';
  /** Op seed of the sampler. */
  readonly seed?: number;
  readonly name?: string;
}

const LARGEST = 3.4028234663852886e38;

/** Logits of the true and the sampled classes, less the logarithms of how often they are expected, and labels that add up to 1. */
function sampledLogits(fn: string, options: SampledLossOptions): { readonly logits: Tensor; readonly labels: Tensor } {
  const { weights, biases, numSampled, numClasses, numTrue = 1, partitionStrategy = 'mod', seed } = options;
  const inputs = toTensor(options.inputs, undefined, fn);
  const labels = toTensor(options.labels, 'int32', fn);
  if (labels.dtype !== 'int32' || labels.shape?.length !== 2 || (labels.shape[1] ?? numTrue) !== numTrue) {
    return refuse(
      fn,
      `expected labels int32 [batch, ${numTrue}], got ${showSpec(labels.spec)}. Reshape them, or set numTrue.`,
      [labels],
    );
  }
  if (inputs.shape?.length !== 2)
    return refuse(fn, `expected inputs [batch, dim], got ${showSpec(inputs.spec)}.`, [inputs]);
  const values =
    options.sampledValues === undefined
      ? logUniformCandidateSampler(labels, numTrue, numSampled, true, numClasses, { seed })
      : checkedValues(fn, options.sampledValues, labels);
  const [sampled, trueExpected, sampledExpected] = values.map((t) => stopGradient(t));
  const flat = reshape(labels, [-1]);
  const all = concat([flat, sampled], 0);
  const [rows, offsets] = [weights, biases].map((params) => embeddingLookup(params, all, { partitionStrategy }));
  const count = size(flat);
  const [trueRows, sampledRows] = [slice(rows, [0, 0], [count, -1]), slice(rows, [count, 0], [-1, -1])];
  const products = mul(expandDims(inputs, 1), reshape(trueRows, [-1, numTrue, inputs.shape[1] ?? -1]));
  const trueOffsets = reshape(slice(offsets, [0], [count]), [-1, numTrue]);
  const trueLogits = add(reduceSum(products, 2), trueOffsets);
  const sampledScores = add(matmul(inputs, sampledRows, { transposeB: true }), slice(offsets, [count], [-1]));
  const kept = options.removeAccidentalHits === true ? withoutHits(sampledScores, labels, sampled) : sampledScores;
  const logOf = (expected: Tensor): Tensor => log(cast(expected, inputs.dtype));
  const logits = concat([sub(trueLogits, logOf(trueExpected)), sub(kept, logOf(sampledExpected))], 1);
  return { logits, labels: concat([div(onesLike(trueLogits), numTrue), zerosLike(kept)], 1) };
}

/** What a sampler gave, or would have given. Throws, in the name of `fn`, when it is something else. */
function checkedValues(fn: string, given: SampledValues, labels: Tensor): SampledValues {
  if (!Array.isArray(given) || given.length !== 3 || !given.every(isTensor)) {
    return refuse(
      fn,
      'expected sampledValues as three tensors: the sampled classes, and how often the true and the sampled ones are expected. Pass what a candidate sampler gives.',
    );
  }
  const [sampled, trueExpected, sampledExpected]: SampledValues = given;
  const fits = ({ dtype, shape }: Tensor, like: Tensor): boolean => isFloating(dtype) && compatible(shape, like.shape);
  if (
    sampled.dtype !== 'int32' ||
    sampled.shape?.length !== 1 ||
    !fits(trueExpected, labels) ||
    !fits(sampledExpected, sampled)
  ) {
    return refuse(
      fn,
      `expected sampledValues of classes int32 [numSampled], expected counts of true ones ${showShape(labels.shape)} and of sampled ones [numSampled], got ${given.map((t) => showSpec(t.spec)).join(', ')}.`,
      given,
    );
  }
  return given;
}

/** Scores of sampled classes, as small as can be where a class is a true one of the row. */
function withoutHits(scores: Tensor, labels: Tensor, sampled: Tensor): Tensor {
  const hits = reduceAny(equal(expandDims(labels, 2), reshape(sampled, [1, 1, -1])), 1);
  return where(hits, sub(scores, LARGEST), scores);
}

/**
 * Noise-contrastive estimation (Gutmann and Hyvarinen 2010): for each input [batch], the sum of sigmoid cross entropies of its true
 * classes and of classes sampled as noise. Gradients reach only the rows of `weights` that were looked up. TensorFlow: `tf.nn.nce_loss`.
 */
export function nceLoss(options: SampledLossOptions): Tensor {
  return nameScope(options.name ?? 'nce_loss', () =>
    reduceSum(sigmoidCrossEntropyWithLogits(sampledLogits('nceLoss', options)), 1),
  );
}

/**
 * Softmax cross entropy over the true and sampled classes instead of all (Jean et al. 2014): a loss for each input [batch], for training
 * with many classes. TensorFlow: `tf.nn.sampled_softmax_loss`.
 */
export function sampledSoftmaxLoss(options: SampledLossOptions): Tensor {
  return nameScope(options.name ?? 'sampled_softmax_loss', () =>
    softmaxCrossEntropyWithLogits(sampledLogits('sampledSoftmaxLoss', { removeAccidentalHits: true, ...options })),
  );
}
