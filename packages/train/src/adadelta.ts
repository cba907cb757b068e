import { type Node, type Tensor, type TensorLike, add, div, group, mul, sqrt, square } from '@tensorloom/graph';
import { complement, hyperparameter } from './hyperparameter.js';
import { Optimizer } from './optimizer.js';
import type { Target } from './target.js';

/** Options of `AdadeltaOptimizer`. */
export interface AdadeltaOptions {
  /** Default 0.001; the paper's is 1. */
  readonly learningRate?: TensorLike;
  /** Decay of the two means; default 0.95. */
  readonly rho?: TensorLike;
  /** Added to both means under the roots; default 1e-8. */
  readonly epsilon?: TensorLike;
  /** Default 'Adadelta'. */
  readonly name?: string;
}

/**
 * Adadelta (Zeiler 2012): a <- rho * a + (1 - rho) * gradient^2; d = gradient * sqrt(u + epsilon) / sqrt(a + epsilon);
 * v <- v - learningRate * d; u <- rho * u + (1 - rho) * d^2. Slots `accum` (a) and `accum_update` (u).
 * TensorFlow: `tf.train.AdadeltaOptimizer`.
 */
export class AdadeltaOptimizer extends Optimizer {
  readonly #learningRate: TensorLike;
  readonly #rho: TensorLike;
  readonly #epsilon: TensorLike;

  constructor({ learningRate = 0.001, rho = 0.95, epsilon = 1e-8, name = 'Adadelta' }: AdadeltaOptions = {}) {
    super(name, { accum: 0, accum_update: 0 });
    this.#learningRate = learningRate;
    this.#rho = rho;
    this.#epsilon = epsilon;
  }

  protected override apply(gradient: Tensor, v: Target): Node {
    const learningRate = hyperparameter(this.#learningRate, v.dtype, 'learningRate');
    const epsilon = hyperparameter(this.#epsilon, v.dtype, 'epsilon');
    const [squares, updates] = [this.slot(v, 'accum'), this.slot(v, 'accum_update')];
    const meanSquare = squares.assign(this.#decayed(squares.readValue(), square(gradient)));
    const before = updates.readValue();
    const step = mul(gradient, div(sqrt(add(before, epsilon)), sqrt(add(meanSquare, epsilon))));
    return group(updates.assign(this.#decayed(before, square(step))), v.assignSub(mul(step, learningRate)));
  }

  #decayed(mean: Tensor, x: Tensor): Tensor {
    const rho = hyperparameter(this.#rho, mean.dtype, 'rho');
    return add(mul(mean, rho), mul(x, complement(rho, mean.dtype)));
  }
}
