import {
  type Initializer,
  type Tensor,
  type Variable,
  add,
  concat,
  getVariable,
  glorotUniformInitializer,
  matmul,
  mul,
  onesInitializer,
  sigmoid,
  split,
  sub,
  tanh,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';

/** Options of a `MinimalRNNCell`. */
export interface MinimalRNNCellOptions extends CellOptions {
  /** Default tanh. */
  readonly activation?: Activation;
  /** Default glorot uniform, whatever the variable scope says. */
  readonly kernelInitializer?: Initializer;
  /** Default ones. */
  readonly biasInitializer?: Initializer;
}

interface Variables {
  readonly kernel: Variable;
  readonly bias: Variable;
}

/**
 * The minimal recurrent cell (Chen, Pennington and Schoenholz 2018): z = activation(x W), u = sigmoid([z, h] U + b), h' = u h + (1 - u) z,
 * its output h'. Variables `kernel` [depth + 2 units, units], W above U, and `bias` [units]. TensorFlow: `tf.contrib.rnn.MinimalRNNCell`.
 */
export class MinimalRNNCell extends ScopedCell<Tensor, Variables> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #options: MinimalRNNCellOptions;

  constructor(units: number, options: MinimalRNNCellOptions = {}) {
    super('minimal_rnn_cell', options);
    checkUnits('MinimalRNNCell', units);
    this.stateSize = units;
    this.outputSize = units;
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const { kernelInitializer = glorotUniformInitializer(), biasInitializer = onesInitializer() } = this.#options;
    const n = this.stateSize;
    const rows = inputDepth('MinimalRNNCell', input) + 2 * n;
    return {
      kernel: getVariable('kernel', [rows, n], { dtype, initializer: kernelInitializer }),
      bias: getVariable('bias', [n], { dtype, initializer: biasInitializer }),
    };
  }

  protected override step(x: Tensor, h: Tensor, { kernel, bias }: Variables): readonly [Tensor, Tensor] {
    const { activation = tanh } = this.#options;
    const [w, gate] = split(kernel, [inputDepth('MinimalRNNCell', x), 2 * this.stateSize], { axis: 0 });
    const z = activation(matmul(x, w));
    const u = sigmoid(matmul(concat([z, h], 1), gate).biasAdd(bias));
    const next = add(mul(u, h), mul(sub(1, u), z));
    return [next, next];
  }
}
