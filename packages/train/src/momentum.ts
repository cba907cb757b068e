import { type Node, type Tensor, type TensorLike, add, mul } from '@tensorloom/graph';
import { hyperparameter } from './hyperparameter.js';
import { Optimizer } from './optimizer.js';
import type { Target } from './target.js';

/** Options of `MomentumOptimizer`. */
export interface MomentumOptions {
  readonly learningRate: TensorLike;
  /** What is left of the accumulated gradient at each step. */
  readonly momentum: TensorLike;
  /** Whether the gradient counts as if taken one step ahead (Sutskever et al. 2013); default false. */
  readonly useNesterov?: boolean;
  /** Default 'Momentum'. */
  readonly name?: string;
}

/**
 * a <- momentum * a + gradient; v <- v - learningRate * a, or with Nesterov's momentum v - learningRate * (gradient + momentum * a).
 * Slot `momentum` is a. TensorFlow: `tf.train.MomentumOptimizer`.
 */
export class MomentumOptimizer extends Optimizer {
  readonly #learningRate: TensorLike;
  readonly #momentum: TensorLike;
  readonly #useNesterov: boolean;

  constructor({ learningRate, momentum, useNesterov = false, name = 'Momentum' }: MomentumOptions) {
    super(name, { momentum: 0 });
    this.#learningRate = learningRate;
    this.#momentum = momentum;
    this.#useNesterov = useNesterov;
  }

  protected override apply(gradient: Tensor, v: Target): Node {
    const learningRate = hyperparameter(this.#learningRate, v.dtype, 'learningRate');
    const momentum = hyperparameter(this.#momentum, v.dtype, 'momentum');
    const slot = this.slot(v, 'momentum');
    const accumulated = slot.assign(add(mul(slot.readValue(), momentum), gradient));
    const direction = this.#useNesterov ? add(gradient, mul(accumulated, momentum)) : accumulated;
    return v.assignSub(mul(direction, learningRate)).op;
  }
}
