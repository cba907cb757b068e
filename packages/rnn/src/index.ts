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
export { type Size, TensorShape } from './tensor-shape.js';
export * from './cells/basic-lstm-cell.js';
export * from './cells/basic-rnn-cell.js';
export * from './cells/bidirectional-grid-lstm-cell.js';
export * from './cells/cfn-cell.js';
export * from './cells/conv-lstm-cell.js';
export * from './cells/coupled-input-forget-gate-lstm-cell.js';
export * from './cells/glstm-cell.js';
export type { GridLSTMState } from './cells/grid-lstm-block.js';
export * from './cells/grid-lstm-cell.js';
export * from './cells/grid-rnn-cell.js';
export * from './cells/gru-cell.js';
export * from './cells/ind-rnn-cell.js';
export * from './cells/indy-gru-cell.js';
export * from './cells/indy-lstm-cell.js';
export * from './cells/intersection-rnn-cell.js';
export * from './cells/layer-norm-basic-lstm-cell.js';
export type { NormOptions } from './cells/layer-norm.js';
export * from './cells/lstm-cell.js';
export type { LSTMState } from './cells/lstm-state.js';
export * from './cells/minimal-rnn-cell.js';
export * from './cells/multi-rnn-cell.js';
export * from './cells/named-grid-cells.js';
export * from './cells/nas-cell.js';
export * from './cells/phased-lstm-cell.js';
export * from './cells/sru-cell.js';
export * from './cells/time-freq-lstm-cell.js';
export * from './cells/ugrnn-cell.js';
export * from './cells/weight-norm-lstm-cell.js';
export * from './drivers/bidirectional-dynamic-rnn.js';
export type { CellInputs } from './drivers/cell-inputs.js';
export { type DynamicRnnOptions, dynamicRnn } from './drivers/dynamic-rnn.js';
export * from './drivers/raw-rnn.js';
export * from './drivers/stack-bidirectional-rnn.js';
export * from './drivers/static-bidirectional-rnn.js';
export * from './drivers/static-rnn.js';
export * from './drivers/static-state-saving-rnn.js';
export * as legacySeq2seq from './legacy-seq2seq/index.js';
export * as seq2seq from './seq2seq/index.js';
export * from './wrappers/attention-cell-wrapper.js';
export * from './wrappers/device-wrapper.js';
export * from './wrappers/dropout-wrapper.js';
export * from './wrappers/embedding-wrapper.js';
export * from './wrappers/highway-wrapper.js';
export * from './wrappers/input-projection-wrapper.js';
export * from './wrappers/output-projection-wrapper.js';
export * from './wrappers/residual-wrapper.js';
