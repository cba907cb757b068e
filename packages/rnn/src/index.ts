export * from './attention-cell-wrapper.js';
export * from './basic-lstm-cell.js';
export * from './basic-rnn-cell.js';
export * from './bidirectional-dynamic-rnn.js';
export * from './bidirectional-grid-lstm-cell.js';
export {
  type Cell,
  type CellOptions,
  type CellState,
  type StateLeaf,
  ScopedCell,
  type StateSize,
  flatState,
  packState,
  zeroStateOf,
} from './cell.js';
export type { CellInputs } from './cell-inputs.js';
export * from './cfn-cell.js';
export * from './conv-lstm-cell.js';
export * from './coupled-input-forget-gate-lstm-cell.js';
export * from './device-wrapper.js';
export * from './dropout-wrapper.js';
export { type DynamicRnnOptions, dynamicRnn } from './dynamic-rnn.js';
export * from './embedding-wrapper.js';
export * from './glstm-cell.js';
export type { GridLSTMState } from './grid-lstm-block.js';
export * from './grid-lstm-cell.js';
export * from './grid-rnn-cell.js';
export * from './gru-cell.js';
export * from './highway-wrapper.js';
export * from './ind-rnn-cell.js';
export * from './indy-gru-cell.js';
export * from './indy-lstm-cell.js';
export * from './input-projection-wrapper.js';
export * from './intersection-rnn-cell.js';
export * from './layer-norm-basic-lstm-cell.js';
export type { NormOptions } from './layer-norm.js';
export * as legacySeq2seq from './legacy-seq2seq/index.js';
export * from './lstm-cell.js';
export type { LSTMState } from './lstm-state.js';
export * from './minimal-rnn-cell.js';
export * from './multi-rnn-cell.js';
export * from './named-grid-cells.js';
export * from './nas-cell.js';
export * from './output-projection-wrapper.js';
export * from './phased-lstm-cell.js';
export * from './raw-rnn.js';
export * from './residual-wrapper.js';
export * as seq2seq from './seq2seq/index.js';
export * from './sru-cell.js';
export * from './stack-bidirectional-rnn.js';
export * from './static-bidirectional-rnn.js';
export * from './static-rnn.js';
export * from './static-state-saving-rnn.js';
export { type Size, TensorShape } from './tensor-shape.js';
export * from './time-freq-lstm-cell.js';
export * from './ugrnn-cell.js';
export * from './weight-norm-lstm-cell.js';
