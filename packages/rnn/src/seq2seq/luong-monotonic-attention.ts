import type { TensorLike } from '@tensorloom/graph';
import { luongScore } from './luong-score.js';
import { MonotonicMemoryAttention, type MonotonicMemoryAttentionOptions } from './monotonic-memory-attention.js';

/** Options of a `LuongMonotonicAttention`. */
export interface LuongMonotonicAttentionOptions extends MonotonicMemoryAttentionOptions {
  /** Whether scores are multiplied by a variable; default false. */
  readonly scale?: boolean;
}

/**
 * Attention that only moves on (Raffel et al. 2017), with the scores of `LuongAttention`. Variables `memory_layer/kernel`, and below
 * `luong_monotonic_attention` `attention_g`, with `scale`, and `attention_score_bias`. TensorFlow: `tf.contrib.seq2seq.LuongMonotonicAttention`.
 */
export class LuongMonotonicAttention extends MonotonicMemoryAttention {
  constructor(numUnits: number, memory: TensorLike, options: LuongMonotonicAttentionOptions = {}) {
    super(
      memory,
      {
        mechanism: 'LuongMonotonicAttention',
        scope: 'luong_monotonic_attention',
        numUnits,
        queryLayer: null,
        score: luongScore('LuongMonotonicAttention', options.scale ?? false),
      },
      options,
    );
  }
}
