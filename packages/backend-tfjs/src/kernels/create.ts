import * as tf from '@tensorflow/tfjs-core';
import { type Op, create } from '@tensorloom/graph';
import { hostKernels } from '@tensorloom/runtime';
import { fromHost } from '../handles.js';
import { tensorKernels } from '../kernel.js';
import { asNumbers } from './as-numbers.js';
import { repeat } from './shape.js';

/** Kernels that make tensors. */
export const createKernels = tensorKernels(create, {
  fill: asNumbers(([value], { host: [to] }) => repeat(value, Array.from(to.data))),
  // Its bounds are on the host, and tfjs, too, computes it there; but adds up float by float.
  range: (_, { attrs, host }) => (hostKernels.get(create.range as Op)?.(host, attrs) ?? []).map(fromHost),
  oneHot: asNumbers(([indices, on, off], { attrs: { axis }, host: [depth] }) => {
    const shaped = indices.shape.map((d) => d);
    shaped.splice(axis, 0, 1);
    const classes = shaped.map((_, i) => (i === axis ? depth.data[0] : 1));
    const numbers = tf.reshape(tf.range(0, depth.data[0], 1, 'int32'), classes);
    return tf.where(tf.equal(tf.reshape(indices, shaped), numbers), on, off);
  }),
});
