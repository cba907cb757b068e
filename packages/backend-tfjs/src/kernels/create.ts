import * as tf from '@tensorflow/tfjs-core';
import { type Op, create } from '@tensorloom/graph';
import { onHost, tensorKernels } from '../kernel.js';
import { repeat } from './shape.js';

/** Kernels that make tensors. */
export const createKernels = tensorKernels(create, {
  fill: ([value], call) =>
    value.dtype === 'float32' ? repeat(value, Array.from(call.host[0].data)) : onHost(create.fill as Op)([value], call),
  range: onHost(create.range as Op),
  oneHot: ([indices, on, off], call) => {
    const {
      attrs: { axis },
      host: [depth],
    } = call;
    // tfjs refuses a depth below 2.
    if (depth.data[0] < 2 || on.dtype === 'bool') return onHost(create.oneHot)([indices, on, off], call);
    const hits = tf.cast(tf.oneHot(tf.reshape(indices, [-1]), depth.data[0]), 'bool');
    const last = tf.where(hits, on, off);
    const shaped = tf.reshape(last, [...indices.shape, depth.data[0]]);
    const perm = Array.from({ length: indices.rank }, (_, i) => i);
    perm.splice(axis, 0, indices.rank);
    return axis === indices.rank ? shaped : tf.transpose(shaped, perm);
  },
});
