export * as layers from './layers.js';
export * as nn from './nn.js';
export type { Activation, DenseOptions, DropoutLayerOptions, FullyConnectedOptions } from './layers.js';
