import {
  type DType,
  type Tensor,
  type TensorLike,
  type Variable,
  add,
  cast,
  constantInitializer,
  getVariable,
  greater,
  mul,
  oneHot,
  randomNormal,
  shapeOf,
  sigmoid,
  zeros,
} from '@tensorloom/graph';
import { MemoryAttention, type MemoryAttentionOptions, type MemoryAttentionParts } from './memory-attention.js';
import { type MonotonicMode, monotonicAttention } from './monotonic-attention.js';

/** Options of the monotonic attention mechanisms. */
export interface MonotonicMemoryAttentionOptions extends MemoryAttentionOptions {
  /** Standard deviation of the noise that is added to scores, so that training makes decisions clear; default 0, none. */
  readonly sigmoidNoise?: number;
  /** Op seed of the noise. */
  readonly sigmoidNoiseSeed?: number;
  /** What the variable that is added to scores begins with, negative for long memories; default 0. */
  readonly scoreBiasInit?: number;
  /** How alignments are computed; default 'parallel'. */
  readonly mode?: MonotonicMode;
}

/**
 * Attention over a memory that only moves on (Raffel et al. 2017): it stops at a place with the probability sigmoid(score + bias + noise),
 * in the mode 'hard' where score + bias + noise is above 0. It begins at the first place. TensorFlow: `_BaseMonotonicAttentionMechanism`.
 */
export class MonotonicMemoryAttention extends MemoryAttention {
  constructor(
    memory: TensorLike,
    parts: Omit<MemoryAttentionParts, 'probability'>,
    options: MonotonicMemoryAttentionOptions,
  ) {
    const { sigmoidNoise = 0, sigmoidNoiseSeed: seed, scoreBiasInit = 0, mode = 'parallel' } = options;
    let bias: Variable | undefined;
    const biased = (query: Tensor, keys: Tensor): Tensor => {
      const score = parts.score(query, keys);
      const initializer = constantInitializer(scoreBiasInit);
      bias ??= getVariable('attention_score_bias', [], { dtype: query.dtype, initializer });
      return add(score, bias);
    };
    const probability = (score: Tensor, previous: Tensor): Tensor => {
      const { dtype } = score;
      const noise = sigmoidNoise > 0 ? mul(sigmoidNoise, randomNormal(shapeOf(score), { dtype, seed })) : null;
      const noisy = noise === null ? score : add(score, noise);
      const choose = mode === 'hard' ? cast(greater(noisy, 0), dtype) : sigmoid(noisy);
      return monotonicAttention(choose, previous, mode);
    };
    super(memory, { ...parts, score: biased, probability }, options);
  }

  /** All attention at the first place. */
  override initialAlignments(batchSize: TensorLike, dtype: DType): Tensor {
    return oneHot(zeros([batchSize], { dtype: 'int32' }), this.alignmentsSize, { dtype });
  }
}
