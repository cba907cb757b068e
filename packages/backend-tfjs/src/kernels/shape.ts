import * as tf from '@tensorflow/tfjs-core';
import { shape } from '@tensorloom/graph';
import { tensorKernels } from '../kernel.js';
import { asNumbers } from './as-numbers.js';
import { rowsOf } from './reduce.js';

const pairs = (flat: ArrayLike<number>): [number, number][] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);

/** Kernels of the family that moves elements. Squeezing and the like make another view of the same data. */
export const shapeKernels = tensorKernels(shape, {
  reshape: ([x], { host: [to] }) => tf.reshape(x, Array.from(to.data)),
  transpose: ([x], { attrs }) => (x.rank < 2 ? x : tf.transpose(x, [...attrs.perm])),
  expandDims: ([x], { attrs: { axes } }) => {
    const rest = [...x.shape];
    return tf.reshape(
      x,
      Array.from({ length: x.rank + axes.length }, (_, i) => (axes.includes(i) ? 1 : (rest.shift() ?? 1))),
    );
  },
  squeeze: ([x], { attrs: { axes } }) => (axes.length === 0 ? x : tf.squeeze(x, [...axes])),
  concat: (xs, { attrs }) => tf.concat([...xs], attrs.axis),
  pack: (xs, { attrs }) => tf.stack([...xs], attrs.axis),
  unpack: ([x], { attrs }) => tf.unstack(x, attrs.axis),
  split: ([x], { attrs, host: [sizes] }) => (attrs.num === 1 ? x : tf.split(x, Array.from(sizes.data), attrs.axis)),
  slice: ([x], { host: [begin, size] }) =>
    x.rank === 0 ? x : tf.slice(x, Array.from(begin.data), Array.from(size.data)),
  pad: asNumbers(([x], { host: [paddings] }) => (x.rank === 0 ? x : tf.pad(x, pairs(paddings.data)))),
  reverse: asNumbers(([x], { attrs }) => (attrs.axes.length === 0 ? x : tf.reverse(x, [...attrs.axes]))),
  broadcastTo: asNumbers(([x], { host: [to] }) => repeat(x, Array.from(to.data))),
  sumTo: ([x], { host: [to] }) => {
    const target = Array.from(to.data);
    const lead = x.rank - target.length;
    const axes = x.shape.flatMap((d, i) => (i < lead || (target[i - lead] === 1 && d !== 1) ? [i] : []));
    return tf.reshape(axes.length === 0 ? x : tf.sum(rowsOf(x, axes), 1), target);
  },
});

/** `x` repeated to a shape; tfjs's own would keep one dtype only. */
export function repeat(x: tf.Tensor, to: number[]): tf.Tensor {
  if (to.includes(0)) return tf.tensor([], to, x.dtype);
  const from = [...new Array<number>(to.length - x.rank).fill(1), ...x.shape];
  const times = to.map((d, i) => (from[i] === d ? 1 : d));
  const view = tf.reshape(x, from);
  return times.every((n) => n === 1) ? view : tf.tile(view, times);
}
