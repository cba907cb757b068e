import * as tf from '@tensorflow/tfjs-core';
import { type Strided, strided, stridedAxis } from '@tensorloom/graph';
import { tensorKernels } from '../kernel.js';
import { asNumbers } from './as-numbers.js';

type Bounds = readonly { readonly data: ArrayLike<number> }[];

/** What is taken of each axis. */
const takenOf = (
  dims: readonly number[],
  [begin, end, strides]: Bounds,
  attrs: Parameters<typeof stridedAxis>[3],
): Strided[] =>
  dims.map((d, axis) => stridedAxis(d, axis, [begin.data[axis], end.data[axis], strides.data[axis]], attrs));

const isWhole = ({ start, stride, length }: Strided, d: number): boolean => start === 0 && stride === 1 && length === d;

/** Kernels of the slices with steps: axis by axis, elements are gathered by their positions. */
export const stridedKernels = tensorKernels(strided, {
  stridedSlice: asNumbers(([x], { attrs, host }) =>
    takenOf(x.shape, host, attrs).reduce((y, taken, axis) => {
      if (isWhole(taken, x.shape[axis])) return y;
      const from = Int32Array.from({ length: taken.length }, (_, i) => taken.start + i * taken.stride);
      return tf.gather(y, tf.tensor1d(from, 'int32'), axis);
    }, x),
  ),
  stridedSliceGrad: asNumbers(([dy], { attrs, host: [dims, ...bounds] }) => {
    const to = Array.from(dims.data);
    return takenOf(to, bounds, attrs).reduce((y, taken, axis) => {
      if (isWhole(taken, to[axis])) return y;
      // Where nothing was taken, the zero behind the end is read.
      const from = new Int32Array(to[axis]).fill(taken.length);
      for (let i = 0; i < taken.length; i++) from[taken.start + i * taken.stride] = i;
      const padded = tf.pad(
        y,
        y.shape.map((_, i): [number, number] => [0, i === axis ? 1 : 0]),
      );
      return tf.gather(padded, tf.tensor1d(from, 'int32'), axis);
    }, dy);
  }),
});
