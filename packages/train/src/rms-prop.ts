import { type Node, type Tensor, type TensorLike, add, mul, rsqrt, square, sub } from '@tensorloom/graph';
import { complement, hyperparameter } from './hyperparameter.js';
import { Optimizer } from './optimizer.js';
import type { Target } from './target.js';

/** Options of `RMSPropOptimizer`. */
export interface RMSPropOptions {
  readonly learningRate: TensorLike;
  /** Decay of the mean of squared gradients; default 0.9. */
  readonly decay?: TensorLike;
  /** What is left of the last step at each step; default 0. */
  readonly momentum?: TensorLike;
  /** Added to the mean square under the root; default 1e-10. */
  readonly epsilon?: TensorLike;
  /** Whether to divide by the estimated deviation instead: the squared mean gradient is subtracted; default false. */
  readonly centered?: boolean;
  /** Default 'RMSProp'. */
  readonly name?: string;
}

/**
 * RMSProp (Tieleman and Hinton 2012): s <- decay * s + (1 - decay) * gradient^2; m <- momentum * m + learningRate * gradient /
 * sqrt(s + epsilon); v <- v - m. Slots `rms` (s, from 1), `momentum` (m) and, centered, `mg` (the decaying mean gradient).
 * TensorFlow: `tf.train.RMSPropOptimizer`.
 */
export class RMSPropOptimizer extends Optimizer {
  readonly #learningRate: TensorLike;
  readonly #decay: TensorLike;
  readonly #momentum: TensorLike;
  readonly #epsilon: TensorLike;
  readonly #centered: boolean;

  constructor({
    learningRate,
    decay = 0.9,
    momentum = 0,
    epsilon = 1e-10,
    centered = false,
    name = 'RMSProp',
  }: RMSPropOptions) {
    super(name, { rms: 1, ...(centered && { mg: 0 }), momentum: 0 });
    this.#learningRate = learningRate;
    this.#decay = decay;
    this.#momentum = momentum;
    this.#epsilon = epsilon;
    this.#centered = centered;
  }

  protected override apply(gradient: Tensor, v: Target): Node {
    const learningRate = hyperparameter(this.#learningRate, v.dtype, 'learningRate');
    const momentum = hyperparameter(this.#momentum, v.dtype, 'momentum');
    const epsilon = hyperparameter(this.#epsilon, v.dtype, 'epsilon');
    const meanSquare = this.#decayed(v, 'rms', square(gradient));
    const spread = this.#centered ? sub(meanSquare, square(this.#decayed(v, 'mg', gradient))) : meanSquare;
    const step = mul(mul(gradient, learningRate), rsqrt(add(spread, epsilon)));
    const last = this.slot(v, 'momentum');
    return v.assignSub(last.assign(add(mul(last.readValue(), momentum), step))).op;
  }

  /** Moves a slot towards `x`, by the part that decays. */
  #decayed(v: Target, name: string, x: Tensor): Tensor {
    const rest = complement(hyperparameter(this.#decay, v.dtype, 'decay'), v.dtype);
    const slot = this.slot(v, name);
    const before = slot.readValue();
    return slot.assign(add(before, mul(sub(x, before), rest)));
  }
}
