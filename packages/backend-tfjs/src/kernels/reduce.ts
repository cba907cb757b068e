import * as tf from '@tensorflow/tfjs-core';
import { type ReduceAttrs, reduce } from '@tensorloom/graph';
import { type TensorKernel, tensorKernels } from '../kernel.js';

/** Reduces the rows of a matrix. */
type Reduction = (rows: tf.Tensor) => tf.Tensor;

/** A matrix whose columns run over some axes of `x`, ascending. WebGPU reduces other axes than the last wrongly. */
export function rowsOf(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const kept = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const last = axes.every((axis, i) => axis === kept.length + i);
  const width = axes.reduce((n, axis) => n * x.shape[axis], 1);
  return tf.reshape(last ? x : tf.transpose(x, [...kept, ...axes]), [x.size / width, width]);
}

/** A reduction over the axes of an op that are longer than 1; over none, it only takes each element for itself. */
const over =
  (f: Reduction): TensorKernel<ReduceAttrs> =>
  ([x], { attrs: { axes, keepDims } }) => {
    const reduced = (axis: number): boolean => axes === null || axes.includes(axis);
    const long = x.shape.flatMap((d, axis) => (reduced(axis) && d !== 1 ? [axis] : []));
    const to = x.shape.flatMap((d, axis) => (reduced(axis) ? (keepDims ? [1] : []) : [d]));
    return tf.reshape(long.length === 0 ? x : f(rowsOf(x, long)), to);
  };

/** NaN wins, on every engine. */
const extreme = (f: Reduction): TensorKernel<ReduceAttrs> =>
  over((rows) => {
    const found = f(rows);
    return rows.dtype === 'float32' ? tf.where(tf.any(tf.isNaN(rows), 1), tf.fill(found.shape, NaN), found) : found;
  });

/** Kernels of the reductions. */
export const reduceKernels = tensorKernels(reduce, {
  sum: over((rows) => tf.sum(rows, 1)),
  mean: over((rows) => tf.mean(rows, 1)),
  max: extreme((rows) => tf.max(rows, 1)),
  min: extreme((rows) => tf.min(rows, 1)),
  prod: over((rows) => tf.prod(rows, 1)),
  all: over((rows) => tf.all(rows, 1)),
  any: over((rows) => tf.any(rows, 1)),
});
