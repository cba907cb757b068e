import {
  type Graph,
  type Node,
  type Tensor,
  type TensorLike,
  type Variable,
  add,
  cast,
  controlDependencies,
  defaultGraph,
  div,
  group,
  mul,
  sqrt,
  square,
  sub,
  toTensor,
  variable,
} from '@tensorloom/graph';
import { atTop } from './at-top.js';
import { complement, hyperparameter } from './hyperparameter.js';
import { Optimizer } from './optimizer.js';
import type { Target } from './target.js';

/** Options of `AdamOptimizer`. */
export interface AdamOptions {
  /** Default 0.001. */
  readonly learningRate?: TensorLike;
  /** Decay of the mean of gradients; default 0.9. */
  readonly beta1?: TensorLike;
  /** Decay of the mean of squared gradients; default 0.999. */
  readonly beta2?: TensorLike;
  /** Added to the root of the mean square, outside the bias correction; default 1e-8. */
  readonly epsilon?: TensorLike;
  /** Default 'Adam'. */
  readonly name?: string;
}

/** The variables `beta1_power` and `beta2_power`: the betas to the power of the step to come. */
type Powers = readonly [Variable, Variable];

/**
 * Adam (Kingma and Ba 2015): m and s are decaying means of gradients and squared gradients (slots `m` and `v`); the step is
 * learningRate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(s) + epsilon). TensorFlow: `tf.train.AdamOptimizer`.
 */
export class AdamOptimizer extends Optimizer {
  readonly #learningRate: TensorLike;
  readonly #beta1: TensorLike;
  readonly #beta2: TensorLike;
  readonly #epsilon: TensorLike;
  readonly #powers = new WeakMap<Graph, Powers>();

  constructor({ learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, name = 'Adam' }: AdamOptions = {}) {
    super(name, { m: 0, v: 0 });
    this.#learningRate = learningRate;
    this.#beta1 = beta1;
    this.#beta2 = beta2;
    this.#epsilon = epsilon;
  }

  /** All rows move, because their means decay: TensorFlow's choice. `LazyAdamOptimizer` leaves the others alone. */
  protected override get movesLookedUpRows(): boolean {
    return false;
  }

  protected override prepare(variables: readonly Variable[]): void {
    const [{ graph, dtype }] = variables;
    if (!this.#powers.has(graph)) {
      const power = (beta: TensorLike, name: string): Variable =>
        variable(() => toTensor(hyperparameter(beta, dtype, name), dtype), { name, trainable: false });
      this.#powers.set(
        graph,
        atTop(graph, () => [power(this.#beta1, 'beta1_power'), power(this.#beta2, 'beta2_power')]),
      );
    }
    super.prepare(variables);
  }

  protected override apply(gradient: Tensor, v: Target): Node {
    const { dtype } = v;
    const [beta1, beta2] = [hyperparameter(this.#beta1, dtype, 'beta1'), hyperparameter(this.#beta2, dtype, 'beta2')];
    const [power1, power2] = this.#counters(v.variable.graph).map((p) => cast(p.readValue(), dtype));
    const correction = div(sqrt(sub(1, power2)), sub(1, power1));
    const rate = mul(hyperparameter(this.#learningRate, dtype, 'learningRate'), correction);
    const [mean, meanSquare] = [this.slot(v, 'm'), this.slot(v, 'v')];
    const m = mean.assign(add(mul(mean.readValue(), beta1), mul(gradient, complement(beta1, dtype))));
    const s = meanSquare.assign(
      add(mul(meanSquare.readValue(), beta2), mul(square(gradient), complement(beta2, dtype))),
    );
    return v.assignSub(div(mul(rate, m), add(sqrt(s), hyperparameter(this.#epsilon, dtype, 'epsilon')))).op;
  }

  protected override finish(updates: readonly Node[]): readonly Node[] {
    const [power1, power2] = this.#counters(defaultGraph().root);
    const next = (power: Variable, beta: TensorLike, name: string): Tensor =>
      power.assign(mul(power.readValue(), hyperparameter(beta, power.dtype, name)));
    return controlDependencies(updates, () => [
      group(next(power1, this.#beta1, 'beta1'), next(power2, this.#beta2, 'beta2'), ...updates),
    ]);
  }

  #counters(graph: Graph): Powers {
    const powers = this.#powers.get(graph);
    if (powers === undefined) throw new Error(`${this.name}: prepare() has not run.`);
    return powers;
  }
}
