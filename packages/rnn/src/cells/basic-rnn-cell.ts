import {
  type Initializer,
  type Tensor,
  type Variable,
  concat,
  getVariable,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth, kernelOptions } from '../cell.js';

/** Options of a `BasicRNNCell`. */
export interface BasicRNNCellOptions extends CellOptions {
  /** Default tanh. */
  readonly activation?: Activation;
  /** Default: the variable scope's, else glorot uniform. */
  readonly kernelInitializer?: Initializer;
}

interface Variables {
  readonly kernel: Variable;
  readonly bias: Variable;
}

/**
 * The plain recurrent cell: h' = activation([x, h] K + b), its output h'. Variables `kernel` [depth + units, units] and `bias`
 * [units]. TensorFlow: `tf.nn.rnn_cell.BasicRNNCell`.
 */
export class BasicRNNCell extends ScopedCell<Tensor, Variables> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #activation: Activation;
  readonly #kernelInitializer: Initializer | undefined;

  constructor(numUnits: number, { activation = tanh, kernelInitializer, ...options }: BasicRNNCellOptions = {}) {
    super('basic_rnn_cell', options);
    checkUnits('BasicRNNCell', numUnits);
    this.stateSize = numUnits;
    this.outputSize = numUnits;
    this.#activation = activation;
    this.#kernelInitializer = kernelInitializer;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const n = this.stateSize;
    const depth = inputDepth('BasicRNNCell', input);
    return {
      kernel: getVariable('kernel', [depth + n, n], { dtype, ...kernelOptions(this.#kernelInitializer) }),
      bias: getVariable('bias', [n], { dtype, initializer: zerosInitializer() }),
    };
  }

  protected override step(input: Tensor, state: Tensor, { kernel, bias }: Variables): readonly [Tensor, Tensor] {
    const next = this.#activation(concat([input, state], 1).matmul(kernel).biasAdd(bias));
    return [next, next];
  }
}
