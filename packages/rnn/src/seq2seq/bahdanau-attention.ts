import type { Tensor, TensorLike } from '@tensorloom/graph';
import { layers, nn } from '@tensorloom/nn';
import { bahdanauScore } from './bahdanau-score.js';
import { MemoryAttention, type MemoryAttentionOptions } from './memory-attention.js';

/** Options of a `BahdanauAttention`. */
export interface BahdanauAttentionOptions extends MemoryAttentionOptions {
  /** Whether the weights of scores have a length of their own; default false. */
  readonly normalize?: boolean;
  /** Scores [batch, time] to alignments; default softmax. */
  readonly probabilityFn?: (score: Tensor) => Tensor;
}

/**
 * Additive attention (Bahdanau et al. 2015): a query q, of any depth, and a memory m have the score v . tanh(q Kq + m Km), with `normalize`
 * g v / |v| . tanh(q Kq + m Km + b). Variables `memory_layer/kernel` [depth, numUnits] where it is made, and below `bahdanau_attention`
 * where it is called, `query_layer/kernel`, `attention_v` [numUnits], `attention_g` and `attention_b`. TensorFlow:
 * `tf.contrib.seq2seq.BahdanauAttention`.
 */
export class BahdanauAttention extends MemoryAttention {
  constructor(numUnits: number, memory: TensorLike, options: BahdanauAttentionOptions = {}) {
    const { normalize = false, probabilityFn = nn.softmax } = options;
    super(
      memory,
      {
        mechanism: 'BahdanauAttention',
        scope: 'bahdanau_attention',
        numUnits,
        queryLayer: new layers.Dense(numUnits, { name: 'query_layer', useBias: false }),
        score: bahdanauScore('BahdanauAttention', numUnits, normalize),
        probability: (score) => probabilityFn(score),
      },
      options,
    );
  }
}
