export { layerNorm } from './layer-norm.js';
export type { Activation } from './layers/activation.js';
export * from './layers/dense.js';
export * from './layers/dropout.js';
export * from './layers/flatten.js';
export * from './layers/fully-connected.js';
