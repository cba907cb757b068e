export * as layers from './layers.js';
export * as nn from './nn.js';
export type { Activation, DenseOptions, FullyConnectedOptions } from './layers.js';
