import {
  type Node,
  type Tensor,
  type TensorLike,
  type Variable,
  cast,
  controlDependencies,
  div,
  group,
  mul,
  sqrt,
  square,
  sub,
  toTensor,
  variable,
} from '@tensorloom/graph';
import { Optimizer, atTop } from './optimizer.js';

export interface AdamOptions {
  /** Default 0.001. */
  readonly learningRate?: TensorLike;
  /** Decay of the mean of gradients; default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients; default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the mean square, outside the bias correction; default 1e-8. */
  readonly epsilon?: number;
  readonly name?: string;
}

/**
 * Adam (Kingma and Ba 2015): m and v are decaying means of gradients and squared gradients (slots `<variable>/Adam` and
 * `<variable>/Adam_1`); the step is learningRate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon).
 * TensorFlow: `tf.train.AdamOptimizer`.
 */
export class AdamOptimizer extends Optimizer {
  readonly #learningRate: TensorLike;
  readonly #betas: readonly [number, number];
  readonly #epsilon: number;
  #powers: readonly [Variable, Variable] | undefined;

  constructor({ learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, name = 'Adam' }: AdamOptions = {}) {
    super(name);
    this.#learningRate = learningRate;
    this.#betas = [beta1, beta2];
    this.#epsilon = epsilon;
  }

  protected override prepare(variables: readonly Variable[]): void {
    const [{ graph, dtype }] = variables;
    this.#powers ??= atTop(graph, () => {
      const power = (start: number, name: string): Variable =>
        variable(() => toTensor(start, dtype), { name, trainable: false });
      return [power(this.#betas[0], 'beta1_power'), power(this.#betas[1], 'beta2_power')] as const;
    });
    for (const v of variables) {
      this.slot(v, 'Adam');
      this.slot(v, 'Adam_1');
    }
  }

  protected override apply(gradient: Tensor, v: Variable): Node {
    const [beta1, beta2] = this.#betas;
    const [power1, power2] = this.#counters().map((p) => cast(p, v.dtype));
    const [mean, meanSquare] = [this.slot(v, 'Adam'), this.slot(v, 'Adam_1')];
    const rate = mul(cast(toTensor(this.#learningRate, v.dtype), v.dtype), div(sqrt(sub(1, power2)), sub(1, power1)));
    const m = mean.assign(mean.mul(beta1).add(mul(gradient, 1 - beta1)));
    const s = meanSquare.assign(meanSquare.mul(beta2).add(mul(square(gradient), 1 - beta2)));
    return v.assignSub(div(mul(rate, m), sqrt(s).add(this.#epsilon))).op;
  }

  protected override finish(updates: readonly Node[]): readonly Node[] {
    const [power1, power2] = this.#counters();
    return controlDependencies(updates, () => [
      group(power1.assign(power1.mul(this.#betas[0])), power2.assign(power2.mul(this.#betas[1])), ...updates),
    ]);
  }

  #counters(): readonly [Variable, Variable] {
    if (this.#powers === undefined) throw new Error('AdamOptimizer: prepare() has not run.');
    return this.#powers;
  }
}
