import {
  type DType,
  type Tensor,
  type TensorLike,
  type Variable,
  concat,
  getVariable,
  tanh,
  zeros,
  zerosInitializer,
  nameScope,
  toTensor,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, inputDepth } from './cell.js';

export interface BasicRNNCellOptions extends CellOptions {
  /** Default tanh. */
  readonly activation?: Activation;
}

/**
 * The plain recurrent cell: h' = activation([x, h] K + b), its output h'. Variables `kernel` [depth + units, units] and `bias`
 * [units]. TensorFlow: `tf.nn.rnn_cell.BasicRNNCell`.
 */
export class BasicRNNCell extends ScopedCell<Tensor, { readonly kernel: Variable; readonly bias: Variable }> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #activation: Activation;

  constructor(numUnits: number, { activation = tanh, ...options }: BasicRNNCellOptions = {}) {
    super('basic_rnn_cell', options);
    if (!Number.isInteger(numUnits) || numUnits < 1)
      throw new TypeError(`BasicRNNCell: expected a positive number of units, got ${numUnits}.`);
    this.stateSize = numUnits;
    this.outputSize = numUnits;
    this.#activation = activation;
  }

  override zeroState(batchSize: TensorLike, dtype: DType): Tensor {
    const batch = typeof batchSize === 'number' ? batchSize : toTensor(batchSize, 'int32', 'zeroState');
    return nameScope('zero_state', () => zeros([batch, this.stateSize], { dtype }));
  }

  protected override build(input: Tensor): { readonly kernel: Variable; readonly bias: Variable } {
    const { dtype } = input;
    return {
      kernel: getVariable('kernel', [inputDepth('BasicRNNCell', input) + this.stateSize, this.stateSize], { dtype }),
      bias: getVariable('bias', [this.stateSize], { dtype, initializer: zerosInitializer() }),
    };
  }

  protected override step(
    input: Tensor,
    state: Tensor,
    { kernel, bias }: { readonly kernel: Variable; readonly bias: Variable },
  ): readonly [Tensor, Tensor] {
    const next = this.#activation(concat([input, state], 1).matmul(kernel).biasAdd(bias));
    return [next, next];
  }
}
