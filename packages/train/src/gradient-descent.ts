import { type Node, type Tensor, type TensorLike, type Variable, cast, mul, toTensor } from '@tensorloom/graph';
import { Optimizer } from './optimizer.js';

export interface GradientDescentOptions {
  readonly learningRate: TensorLike;
  readonly name?: string;
}

/** v <- v - learningRate * gradient. TensorFlow: `tf.train.GradientDescentOptimizer`. */
export class GradientDescentOptimizer extends Optimizer {
  readonly #learningRate: TensorLike;
  constructor({ learningRate, name = 'GradientDescent' }: GradientDescentOptions) {
    super(name);
    this.#learningRate = learningRate;
  }
  protected override prepare(): void {}
  protected override apply(gradient: Tensor, v: Variable): Node {
    return v.assignSub(mul(gradient, cast(toTensor(this.#learningRate, v.dtype), v.dtype))).op;
  }
}
