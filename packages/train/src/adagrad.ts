import { type Node, type Tensor, type TensorLike, mul, rsqrt, square } from '@tensorloom/graph';
import { hyperparameter } from './hyperparameter.js';
import { Optimizer } from './optimizer.js';
import type { Target } from './target.js';

/** Options of `AdagradOptimizer`. */
export interface AdagradOptions {
  readonly learningRate: TensorLike;
  /** Where the sums of squares start, above 0; default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** Default 'Adagrad'. */
  readonly name?: string;
}

/**
 * Adagrad (Duchi et al. 2011): a <- a + gradient^2; v <- v - learningRate * gradient / sqrt(a). Slot `accumulator` is a. Throws
 * `RangeError` when the accumulator would not start above 0. TensorFlow: `tf.train.AdagradOptimizer`.
 */
export class AdagradOptimizer extends Optimizer {
  readonly #learningRate: TensorLike;

  constructor({ learningRate, initialAccumulatorValue = 0.1, name = 'Adagrad' }: AdagradOptions) {
    if (!(initialAccumulatorValue > 0)) {
      throw new RangeError(
        `${name}: initialAccumulatorValue is ${initialAccumulatorValue}, expected a number above 0. The first step divides by its root.`,
      );
    }
    super(name, { accumulator: initialAccumulatorValue });
    this.#learningRate = learningRate;
  }

  protected override apply(gradient: Tensor, v: Target): Node {
    const learningRate = hyperparameter(this.#learningRate, v.dtype, 'learningRate');
    const accumulated = this.slot(v, 'accumulator').assignAdd(square(gradient));
    return v.assignSub(mul(mul(gradient, learningRate), rsqrt(accumulated))).op;
  }
}
