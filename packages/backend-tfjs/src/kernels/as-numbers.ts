import * as tf from '@tensorflow/tfjs-core';
import type { TensorKernel } from '../kernel.js';

/** A kernel that moves elements, for booleans too: engines move those as numbers, or not at all. */
export const asNumbers =
  <A>(kernel: TensorKernel<A>): TensorKernel<A> =>
  (inputs, call) => {
    if (inputs.every((x) => x.dtype !== 'bool')) return kernel(inputs, call);
    const numbers = inputs.map((x) => (x.dtype === 'bool' ? tf.cast(x, 'float32') : x));
    const made = kernel(numbers, call);
    const back = (y: tf.Tensor): tf.Tensor => tf.cast(y, 'bool');
    return Array.isArray(made) ? made.map(back) : back(made);
  };
