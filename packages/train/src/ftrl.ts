import {
  type Node,
  type Tensor,
  type TensorLike,
  abs,
  add,
  div,
  greater,
  mul,
  pow,
  sign,
  sqrt,
  square,
  sub,
  where,
  zerosLike,
} from '@tensorloom/graph';
import { hyperparameter } from './hyperparameter.js';
import { Optimizer } from './optimizer.js';
import type { Target } from './target.js';

/** Options of `FtrlOptimizer`. */
export interface FtrlOptions {
  readonly learningRate: TensorLike;
  /** How the rate falls with the sum of squares, up to 0, which keeps it; default -0.5. */
  readonly learningRatePower?: number;
  /** Where the sums of squares start, from 0; default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** From 0; default 0. What stays below it is exactly 0. */
  readonly l1RegularizationStrength?: number;
  /** From 0; default 0. A penalty that stabilizes. */
  readonly l2RegularizationStrength?: number;
  /** From 0; default 0. A penalty on magnitude: 2 * strength * v is added to the gradient, but not to the sums of squares. */
  readonly l2ShrinkageRegularizationStrength?: number;
  /** Default 'Ftrl'. */
  readonly name?: string;
}

/**
 * "Follow the regularized leader" with proximal terms (McMahan et al. 2013). With n' = n + gradient^2 and p = -learningRatePower:
 * z <- z + gradient - (n'^p - n^p) / learningRate * v; v <- (l1 * sign(z) - z) / (n'^p / learningRate + 2 * l2) where |z| > l1, else 0;
 * n <- n'. Slots `accum` (n) and `linear` (z). Throws `RangeError` when an option is out of its range.
 * TensorFlow: `tf.train.FtrlOptimizer`.
 */
export class FtrlOptimizer extends Optimizer {
  readonly #learningRate: TensorLike;
  readonly #power: number;
  readonly #l1: number;
  readonly #l2: number;
  readonly #shrinkage: number;

  constructor({
    learningRate,
    learningRatePower = -0.5,
    initialAccumulatorValue = 0.1,
    l1RegularizationStrength = 0,
    l2RegularizationStrength = 0,
    l2ShrinkageRegularizationStrength = 0,
    name = 'Ftrl',
  }: FtrlOptions) {
    const fromZero = {
      initialAccumulatorValue,
      l1RegularizationStrength,
      l2RegularizationStrength,
      l2ShrinkageRegularizationStrength,
    };
    for (const [option, x] of Object.entries(fromZero)) {
      if (!(x >= 0))
        throw new RangeError(`${name}: ${option} is ${x}, expected a number from 0. Turn its sign around.`);
    }
    if (!(learningRatePower <= 0)) {
      throw new RangeError(
        `${name}: learningRatePower is ${learningRatePower}, expected a number up to 0. Turn its sign around.`,
      );
    }
    super(name, { accum: initialAccumulatorValue, linear: 0 });
    this.#learningRate = learningRate;
    this.#power = -learningRatePower;
    this.#l1 = l1RegularizationStrength;
    this.#l2 = l2RegularizationStrength;
    this.#shrinkage = l2ShrinkageRegularizationStrength;
  }

  protected override apply(gradient: Tensor, v: Target): Node {
    const learningRate = hyperparameter(this.#learningRate, v.dtype, 'learningRate');
    const [accum, linear] = [this.slot(v, 'accum'), this.slot(v, 'linear')];
    const [value, squares] = [v.readValue(), accum.readValue()];
    const shrunk = this.#shrinkage === 0 ? gradient : add(gradient, mul(value, 2 * this.#shrinkage));
    const grown = accum.assign(add(squares, square(gradient)));
    const [before, after] = [this.#rateOf(squares), this.#rateOf(grown)];
    const pull = linear.assignAdd(sub(shrunk, mul(div(sub(after, before), learningRate), value)));
    const strength = add(div(after, learningRate), 2 * this.#l2);
    const moved = div(sub(mul(sign(pull), this.#l1), pull), strength);
    return v.assign(where(greater(abs(pull), this.#l1), moved, zerosLike(pull))).op;
  }

  /** The sum of squares to the power by which it slows the rate. */
  #rateOf(squares: Tensor): Tensor {
    return this.#power === 0.5 ? sqrt(squares) : pow(squares, this.#power);
  }
}
