export * from './basic-rnn-cell.js';
export { type Cell, type CellOptions, ScopedCell, type StateSize, flatState, packState, zeroStateOf } from './cell.js';
export { type DynamicRnnOptions, dynamicRnn } from './dynamic-rnn.js';
export * from './static-rnn.js';
