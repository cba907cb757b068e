import { AdamOptimizer, type AdamOptions } from './adam.js';

/**
 * Adam that leaves the rows alone, with their means, which a step did not look up; for other gradients it is Adam, names included.
 * TensorFlow: `tf.contrib.opt.LazyAdamOptimizer`.
 */
export class LazyAdamOptimizer extends AdamOptimizer {
  protected override get movesLookedUpRows(): boolean {
    return true;
  }
}

/** Options of `LazyAdamOptimizer`. */
export type LazyAdamOptions = AdamOptions;
