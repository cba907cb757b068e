import * as tf from '@tensorflow/tfjs-core';
import { indexing, sizeOf } from '@tensorloom/graph';
import { tensorKernels } from '../kernel.js';
import { asNumbers } from './as-numbers.js';
import { repeat } from './shape.js';

/** The rows that indices [..., k] name, of a tensor whose first k axes are seen as one: one index for each. */
function flatIndices(indices: tf.Tensor, lengths: readonly number[]): tf.Tensor1D {
  const k = lengths.length;
  const strides = lengths.map((_, axis) => sizeOf(lengths.slice(axis + 1)));
  const rows = tf.reshape(indices, [sizeOf(indices.shape.slice(0, -1)), k]);
  const products = tf.mul(rows, tf.tensor1d(strides, 'int32'));
  return tf.reshape<tf.Rank.R1>(tf.cast(tf.sum(products, 1), 'int32'), [rows.shape[0]]);
}

/** The sums of the rows that have each number below `count`; negative numbers count nowhere. */
function sumByRow(rows: tf.Tensor, numbers: tf.Tensor, count: number): tf.Tensor {
  const [length, width] = [rows.shape[0], rows.size / rows.shape[0]];
  // They go to a row of their own, behind the others.
  const at = tf.where(tf.less(numbers, 0), tf.fill(numbers.shape, count, 'int32'), numbers);
  const sums = tf.scatterND(tf.reshape(at, [length, 1]), rows, [count + 1, width]);
  return tf.slice(sums, [0, 0], [count, width]);
}

const depthOf = (indices: tf.Tensor): number => indices.shape[indices.rank - 1];

/** For indices [..., k] into a tensor of shape `to`: each update, added to zeros of that shape. */
function scattered(indices: tf.Tensor, updates: tf.Tensor, to: readonly number[]): tf.Tensor {
  const k = depthOf(indices);
  const part = to.slice(k);
  const parts = tf.reshape(updates, [sizeOf(indices.shape.slice(0, -1)), sizeOf(part)]);
  if (k === 0) return tf.reshape(tf.sum(parts, 0), [...to]);
  const rows = sizeOf(to.slice(0, k));
  return tf.reshape(sumByRow(parts, flatIndices(indices, to.slice(0, k)), rows), [...to]);
}

/** Kernels of the ops that read and write by index. */
export const indexingKernels = tensorKernels(indexing, {
  gather: asNumbers(([x, indices], { attrs: { axis } }) => {
    const gathered = tf.gather(x, tf.reshape(indices, [-1]), axis);
    return tf.reshape(gathered, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
  }),
  gatherNd: asNumbers(([x, indices]) => {
    const k = depthOf(indices);
    const to = [...indices.shape.slice(0, -1), ...x.shape.slice(k)];
    if (k === 0) return repeat(x, to);
    const rows = tf.reshape(x, [sizeOf(x.shape.slice(0, k)), sizeOf(x.shape.slice(k))]);
    return tf.reshape(tf.gather(rows, flatIndices(indices, x.shape.slice(0, k))), to);
  }),
  scatterNd: ([indices, updates], { host: [to] }) => scattered(indices, updates, Array.from(to.data)),
  unsortedSegmentSum([x, ids], { host: [n] }) {
    const rest = x.shape.slice(ids.rank);
    const rows = tf.reshape(x, [ids.size, sizeOf(rest)]);
    return tf.reshape(sumByRow(rows, tf.reshape(ids, [ids.size]), n.data[0]), [n.data[0], ...rest]);
  },
  tensorScatterAdd: ([x, indices, updates]) => tf.add(x, scattered(indices, updates, x.shape)),
  tensorScatterUpdate: asNumbers(([x, indices, updates]) => {
    const k = depthOf(indices);
    const part = x.shape.slice(k);
    const parts = tf.reshape(updates, [sizeOf(indices.shape.slice(0, -1)), sizeOf(part)]);
    const count = parts.shape[0];
    if (k === 0) return tf.reshape(tf.slice(parts, [count - 1, 0], [1, -1]), x.shape);
    const rows = sizeOf(x.shape.slice(0, k));
    // Of several updates of a row the last one counts: hits[row] is its number, from 1.
    const named = tf.equal(
      tf.expandDims(flatIndices(indices, x.shape.slice(0, k)), 0),
      tf.reshape(tf.range(0, rows, 1, 'int32'), [rows, 1]),
    );
    const hits = tf.max(tf.mul(tf.cast(named, 'float32'), tf.range(1, count + 1)), 1);
    const chosen = tf.gather(parts, tf.cast(tf.maximum(tf.sub(hits, 1), 0), 'int32'));
    const keep = tf.expandDims(tf.equal(hits, 0), 1);
    const old = tf.reshape(x, [rows, sizeOf(part)]);
    return tf.reshape(tf.where(keep, old, chosen), x.shape);
  }),
});
