import * as tf from '@tensorflow/tfjs-core';
import { type ReduceAttrs, reduce } from '@tensorloom/graph';
import { type TensorKernel, tensorKernels } from '../kernel.js';

/** A reduction over the axes of an op; over none of them, it only takes each element for itself. */
const over =
  (f: (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor): TensorKernel<ReduceAttrs> =>
  ([x], { attrs: { axes, keepDims } }) => {
    const all = axes ?? x.shape.map((_, i) => i);
    return all.length === 0 ? x : f(x, [...all], keepDims);
  };

/** NaN wins, on every engine. */
const extreme = (f: (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor): TensorKernel<ReduceAttrs> =>
  over((x, axes, keepDims) => {
    const found = f(x, axes, keepDims);
    return x.dtype === 'float32'
      ? tf.where(tf.any(tf.isNaN(x), axes, keepDims), tf.fill(found.shape, NaN), found)
      : found;
  });

/** Kernels of the reductions. */
export const reduceKernels = tensorKernels(reduce, {
  sum: over(tf.sum),
  mean: over(tf.mean),
  max: extreme(tf.max),
  min: extreme(tf.min),
  prod: over(tf.prod),
  all: over(tf.all),
  any: over(tf.any),
});
