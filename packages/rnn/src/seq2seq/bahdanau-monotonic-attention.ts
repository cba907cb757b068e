import type { TensorLike } from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { bahdanauScore } from './bahdanau-score.js';
import { MonotonicMemoryAttention, type MonotonicMemoryAttentionOptions } from './monotonic-memory-attention.js';

/** Options of a `BahdanauMonotonicAttention`. */
export interface BahdanauMonotonicAttentionOptions extends MonotonicMemoryAttentionOptions {
  /** Whether the weights of scores have a length of their own; default false. */
  readonly normalize?: boolean;
}

/**
 * Attention that only moves on (Raffel et al. 2017), with the scores of `BahdanauAttention`. Variables `memory_layer/kernel`, and below
 * `bahdanau_monotonic_attention` those of `BahdanauAttention` and `attention_score_bias`. TensorFlow:
 * `tf.contrib.seq2seq.BahdanauMonotonicAttention`.
 */
export class BahdanauMonotonicAttention extends MonotonicMemoryAttention {
  constructor(numUnits: number, memory: TensorLike, options: BahdanauMonotonicAttentionOptions = {}) {
    super(
      memory,
      {
        mechanism: 'BahdanauMonotonicAttention',
        scope: 'bahdanau_monotonic_attention',
        numUnits,
        queryLayer: new layers.Dense(numUnits, { name: 'query_layer', useBias: false }),
        score: bahdanauScore('BahdanauMonotonicAttention', numUnits, options.normalize ?? false),
      },
      options,
    );
  }
}
