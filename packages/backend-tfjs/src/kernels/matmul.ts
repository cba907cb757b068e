import * as tf from '@tensorflow/tfjs-core';
import { type Op, matrix } from '@tensorloom/graph';
import { onHost, tensorKernels } from '../kernel.js';

/** Kernels of the products; engines multiply float32 only. */
export const matrixKernels = tensorKernels(matrix, {
  matmul: ([a, b], call) =>
    a.dtype === 'float32'
      ? tf.matMul(a, b, call.attrs.transposeA, call.attrs.transposeB)
      : onHost(matrix.matmul as Op)([a, b], call),
  biasAdd: ([x, bias]) => tf.add(x, bias),
});
