import * as tf from '@tensorflow/tfjs-core';
import { matrix } from '@tensorloom/graph';
import { tensorKernels } from '../kernel.js';

/** Kernels of the products. */
export const matrixKernels = tensorKernels(matrix, {
  matmul: ([a, b], { attrs: { transposeA, transposeB } }) => tf.matMul(a, b, transposeA, transposeB),
  batchMatmul: ([a, b], { attrs: { transposeA, transposeB } }) => tf.matMul(a, b, transposeA, transposeB),
  biasAdd: ([x, bias]) => tf.add(x, bias),
});
