import { AdamOptimizer, type AdamOptions } from './adam.js';

/**
 * Adam that leaves the rows alone which a step did not look up. Gradients are dense tensors here, of lookups too, and for dense
 * gradients the rule is Adam's; so is everything else, names included. Sparse rows are not told apart yet.
 * TensorFlow: `tf.contrib.opt.LazyAdamOptimizer`.
 */
export class LazyAdamOptimizer extends AdamOptimizer {}

/** Options of `LazyAdamOptimizer`. */
export type LazyAdamOptions = AdamOptions;
