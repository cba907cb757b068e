import {
  type Initializer,
  type Tensor,
  type Variable,
  add,
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

/** Options of a `CFNCell`. */
export interface CFNCellOptions extends CellOptions {
  /** Default tanh. */
  readonly activation?: Activation;
  /** Of both kernels; default glorot uniform, whatever the variable scope says. */
  readonly kernelInitializer?: Initializer;
  /** Default ones. */
  readonly biasInitializer?: Initializer;
}

interface Variables {
  readonly kernel: Variable;
  readonly recurrentKernel: Variable;
  readonly bias: Variable;
}

/**
 * The chaos free network (Laurent and von Brecht 2017): theta, eta = sigmoid(h U + x V + b), h' = theta activation(h) + (1 - eta)
 * activation(x W), its output h'. The input gate is 1 - eta, as in TensorFlow and not in the paper, so that it begins small. Variables
 * `kernel` [depth, 3 units], V beside W, `recurrent_kernel` [units, 2 units] and `bias` [2 units]. TensorFlow: `tf.contrib.rnn.CFNCell`.
 */
export class CFNCell extends ScopedCell<Tensor, Variables> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #options: CFNCellOptions;

  constructor(units: number, options: CFNCellOptions = {}) {
    super('cfn_cell', options);
    checkUnits('CFNCell', units);
    this.stateSize = units;
    this.outputSize = units;
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const { kernelInitializer = glorotUniformInitializer(), biasInitializer = onesInitializer() } = this.#options;
    const n = this.stateSize;
    const options = { dtype, initializer: kernelInitializer };
    return {
      kernel: getVariable('kernel', [inputDepth('CFNCell', input), 3 * n], options),
      recurrentKernel: getVariable('recurrent_kernel', [n, 2 * n], options),
      bias: getVariable('bias', [2 * n], { dtype, initializer: biasInitializer }),
    };
  }

  protected override step(x: Tensor, h: Tensor, variables: Variables): readonly [Tensor, Tensor] {
    const { kernel, recurrentKernel, bias } = variables;
    const { activation = tanh } = this.#options;
    const n = this.stateSize;
    const [v, w] = split(kernel, [2 * n, n], { axis: 1 });
    const gates = sigmoid(add(matmul(h, recurrentKernel), matmul(x, v)).biasAdd(bias));
    const [theta, eta] = split(gates, 2, { axis: 1 });
    const next = add(mul(theta, activation(h)), mul(sub(1, eta), activation(matmul(x, w))));
    return [next, next];
  }
}
