import * as tf from '@tensorflow/tfjs-core';
import { alongAxis } from '@tensorloom/graph';
import { type TensorKernel, tensorKernels } from '../kernel.js';
import { asNumbers } from './as-numbers.js';
import { rowsOf } from './reduce.js';

/** The largest float32, and the one before it. */
const [LARGEST, NEXT] = [3.4028234663852886e38, 3.4028232635611926e38];

/** Where along an axis the first NaN is, and otherwise what `find` finds. */
const arg =
  (find: (x: tf.Tensor, axis: number) => tf.Tensor): TensorKernel<{ readonly axis: number }> =>
  ([x], { attrs: { axis } }) => {
    const rows = rowsOf(x, [axis]);
    const isNaN = tf.cast(tf.isNaN(rows), 'float32');
    // Engines disagree on the shape of one element.
    const [has, first, best] = [tf.max(isNaN, 1), tf.argMax(isNaN, 1), find(rows, 1)].map((t) =>
      tf.reshape(t, [rows.shape[0]]),
    );
    return tf.reshape(
      tf.where(tf.cast(has, 'bool'), first, best),
      x.shape.filter((_, i) => i !== axis),
    );
  };

/** Kernels of the ops that work along one axis. */
export const alongAxisKernels = tensorKernels(alongAxis, {
  argMax: arg(tf.argMax),
  argMin: arg(tf.argMin),
  cumsum([x], { attrs: { axis, exclusive, reverse } }) {
    // WebGPU adds up backwards wrongly, and an axis of one element.
    if (x.shape[axis] === 1) return exclusive ? tf.zerosLike(x) : x;
    return reverse ? tf.reverse(tf.cumsum(tf.reverse(x, axis), axis, exclusive), axis) : tf.cumsum(x, axis, exclusive);
  },
  topK([x], { host: [k] }) {
    const width = x.shape[x.rank - 1];
    const rows = x.size / width;
    // NaN is the largest of all; engines would leave it anywhere.
    const others = tf.clipByValue(x, -NEXT, NEXT);
    const { indices } = tf.topk(tf.where(tf.isNaN(x), tf.fill(x.shape, LARGEST), others), k.data[0], true);
    const starts = tf.reshape(tf.range(0, x.size, width, 'int32'), [rows, 1]);
    const at = tf.add(tf.reshape(indices, [rows, k.data[0]]), starts);
    return [
      tf.reshape(tf.gather(tf.reshape(x, [x.size]), tf.reshape<tf.Rank.R1>(at, [at.size])), indices.shape),
      indices,
    ];
  },
  reverseSequence: asNumbers(([x, lengths], { attrs: { seqAxis, batchAxis } }) => {
    const rest = x.shape.flatMap((_, i) => (i === seqAxis || i === batchAxis ? [] : [i]));
    const perm = [batchAxis, seqAxis, ...rest];
    const [batch, steps] = [x.shape[batchAxis], x.shape[seqAxis]];
    const t = tf.range(0, steps, 1, 'int32');
    const ends = tf.reshape(lengths, [batch, 1]);
    // Row b reads step lengths[b] - 1 - t while that is not below 0.
    const from = tf.where(
      tf.less(t, ends),
      tf.sub(tf.sub(ends, tf.scalar(1, 'int32')), t),
      tf.broadcastTo(t, [batch, steps]),
    );
    const rows = tf.add(
      tf.mul(tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1]), tf.scalar(steps, 'int32')),
      from,
    );
    const moved = tf.transpose(x, perm);
    const flat = tf.reshape(moved, [batch * steps, -1]);
    const gathered = tf.gather(flat, tf.cast(tf.reshape(rows, [-1]), 'int32'));
    return tf.transpose(
      tf.reshape(gathered, moved.shape),
      perm.map((_, i) => perm.indexOf(i)),
    );
  }),
});
