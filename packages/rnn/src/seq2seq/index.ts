export type { AttentionMechanism } from './attention-mechanism.js';
export * from './attention-wrapper.js';
export * from './bahdanau-attention.js';
export * from './bahdanau-monotonic-attention.js';
export * from './basic-decoder.js';
export * from './beam-search-decoder.js';
export * from './custom-helper.js';
export {
  type Decoder,
  type DecoderLeaf,
  type DecoderState,
  type DecoderStep,
  type FinalizingDecoder,
} from './decoder.js';
export * from './dynamic-decode.js';
export type { Embedding } from './embedding.js';
export * from './gather-tree-from-array.js';
export * from './gather-tree.js';
export * from './greedy-embedding-helper.js';
export * from './hardmax.js';
export * from './helper.js';
export * from './inference-helper.js';
export type { Layer } from './layer.js';
export * from './luong-attention.js';
export * from './luong-monotonic-attention.js';
export { MemoryAttention, type MemoryAttentionOptions } from './memory-attention.js';
export * from './monotonic-attention.js';
export type { MonotonicMemoryAttentionOptions } from './monotonic-memory-attention.js';
export * from './safe-cumprod.js';
export * from './sample-embedding-helper.js';
export * from './scheduled-embedding-training-helper.js';
export * from './scheduled-output-training-helper.js';
export * from './sequence-loss.js';
export * from './tile-batch.js';
export * from './training-helper.js';
