export { biasAdd, relu, sigmoid, tanh } from '@tensorloom/graph';
export * from './cross-entropy.js';
export * from './dropout.js';
export * from './in-top-k.js';
export { type AxisOptions, logSoftmax, softmax } from './softmax.js';
