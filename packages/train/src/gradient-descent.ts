import { type Node, type Tensor, type TensorLike, mul } from '@tensorloom/graph';
import { hyperparameter } from './hyperparameter.js';
import { Optimizer } from './optimizer.js';
import type { Target } from './target.js';

/** Options of `GradientDescentOptimizer`. */
export interface GradientDescentOptions {
  readonly learningRate: TensorLike;
  /** Default 'GradientDescent'. */
  readonly name?: string;
}

/** v <- v - learningRate * gradient; no slots. TensorFlow: `tf.train.GradientDescentOptimizer`. */
export class GradientDescentOptimizer extends Optimizer {
  readonly #learningRate: TensorLike;

  constructor({ learningRate, name = 'GradientDescent' }: GradientDescentOptions) {
    super(name);
    this.#learningRate = learningRate;
  }

  protected override apply(gradient: Tensor, v: Target): Node {
    return v.assignSub(mul(gradient, hyperparameter(this.#learningRate, v.dtype, 'learningRate'))).op;
  }
}
