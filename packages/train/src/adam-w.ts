import { type Node, type Tensor, type TensorLike, type Variable, controlDependencies, mul } from '@tensorloom/graph';
import { AdamOptimizer, type AdamOptions } from './adam.js';
import { hyperparameter } from './hyperparameter.js';
import type { ApplyOptions, ComputeOptions, GradientAndVariable } from './optimizer.js';
import type { Target } from './target.js';

/** Options of `AdamWOptimizer`. */
export interface AdamWOptions extends AdamOptions {
  /** The part of a variable that each step takes away. */
  readonly weightDecay: TensorLike;
}

/** Which variables decay. */
export interface DecayOptions {
  /** The variables that decay; default, and when empty: all that move. */
  readonly decayVarList?: readonly Variable[];
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017): beside Adam's step, v loses weightDecay * v, of the value before the
 * step and not multiplied by the learning rate. Scale both by the same schedule to keep them in proportion. Slots as Adam's.
 * TensorFlow: `tf.contrib.opt.AdamWOptimizer`.
 */
export class AdamWOptimizer extends AdamOptimizer {
  readonly #weightDecay: TensorLike;
  #decaying: ReadonlySet<Variable> = new Set();

  constructor({ weightDecay, name = 'AdamW', ...options }: AdamWOptions) {
    super({ name, ...options });
    this.#weightDecay = weightDecay;
  }

  /** As in `Optimizer`; `decayVarList` says which variables decay. */
  override minimize(loss: Tensor, options: ComputeOptions & ApplyOptions & DecayOptions = {}): Node {
    return super.minimize(loss, options);
  }

  /** As in `Optimizer`; `decayVarList` says which variables decay. */
  override applyGradients(
    pairs: readonly GradientAndVariable<TensorLike>[],
    { decayVarList = [], ...options }: ApplyOptions & DecayOptions = {},
  ): Node {
    this.#decaying = new Set(decayVarList);
    return super.applyGradients(pairs, options);
  }

  protected override apply(gradient: Tensor, v: Target): Node {
    if (this.#decaying.size > 0 && !this.#decaying.has(v.variable)) return super.apply(gradient, v);
    const decay = v.assignSub(mul(v.readValue(), hyperparameter(this.#weightDecay, v.dtype, 'weightDecay')));
    return controlDependencies([decay], () => super.apply(gradient, v));
  }
}
