import type { Tensor, TensorLike } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { luongScore } from './luong-score.js';
import { MemoryAttention, type MemoryAttentionOptions } from './memory-attention.js';

/** Options of a `LuongAttention`. */
export interface LuongAttentionOptions extends MemoryAttentionOptions {
  /** Whether scores are multiplied by a variable; default false. */
  readonly scale?: boolean;
  /** Scores [batch, time] to alignments; default softmax. */
  readonly probabilityFn?: (score: Tensor) => Tensor;
}

/**
 * Multiplicative attention (Luong et al. 2015): the score of a query q for a key k is q . k, with `scale` g q . k. Queries must have
 * `numUnits` units. Variables `memory_layer/kernel` [depth, numUnits] where it is made, `luong_attention/attention_g` where it is called.
 * TensorFlow: `tf.contrib.seq2seq.LuongAttention`.
 */
export class LuongAttention extends MemoryAttention {
  constructor(numUnits: number, memory: TensorLike, options: LuongAttentionOptions = {}) {
    const { scale = false, probabilityFn = nn.softmax } = options;
    super(
      memory,
      {
        mechanism: 'LuongAttention',
        scope: 'luong_attention',
        numUnits,
        queryLayer: null,
        score: luongScore('LuongAttention', scale),
        probability: (score) => probabilityFn(score),
      },
      options,
    );
  }
}
