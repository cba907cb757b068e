import {
  type Initializer,
  type Tensor,
  type Variable,
  add,
  concat,
  getVariable,
  mul,
  sigmoid,
  split,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth, kernelOptions } from '../cell.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** Options of a `BasicLSTMCell`. */
export interface BasicLSTMCellOptions extends CellOptions {
  /** Added to the forget gate, so that the cell remembers at the beginning of training; default 1. */
  readonly forgetBias?: number;
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
 * The LSTM without peepholes (Zaremba, Sutskever and Vinyals 2014): i, j, f, o = [x, h] K + b, c' = c sigmoid(f + forgetBias) +
 * sigmoid(i) activation(j), h' = activation(c') sigmoid(o), its output h'. Variables `kernel` [depth + units, 4 units] and `bias`
 * [4 units]. TensorFlow: `tf.nn.rnn_cell.BasicLSTMCell`.
 */
export class BasicLSTMCell extends ScopedCell<LSTMState, Variables> {
  readonly stateSize: Readonly<Record<'c' | 'h', number>>;
  readonly outputSize: number;
  readonly #options: Required<Pick<BasicLSTMCellOptions, 'forgetBias' | 'activation'>>;
  readonly #kernelInitializer: Initializer | undefined;

  constructor(numUnits: number, options: BasicLSTMCellOptions = {}) {
    super('basic_lstm_cell', options);
    checkUnits('BasicLSTMCell', numUnits);
    const { forgetBias = 1, activation = tanh, kernelInitializer } = options;
    this.stateSize = { c: numUnits, h: numUnits };
    this.outputSize = numUnits;
    this.#options = { forgetBias, activation };
    this.#kernelInitializer = kernelInitializer;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const n = this.outputSize;
    const depth = inputDepth('BasicLSTMCell', input);
    return {
      kernel: getVariable('kernel', [depth + n, 4 * n], { dtype, ...kernelOptions(this.#kernelInitializer) }),
      bias: getVariable('bias', [4 * n], { dtype, initializer: zerosInitializer() }),
    };
  }

  protected override step(x: Tensor, state: LSTMState, { kernel, bias }: Variables): readonly [Tensor, LSTMState] {
    const { c, h } = partsOf('BasicLSTMCell', state);
    const { forgetBias, activation } = this.#options;
    const [i, j, f, o] = split(concat([x, h], 1).matmul(kernel).biasAdd(bias), 4, { axis: 1 });
    const memory = add(mul(c, sigmoid(add(f, forgetBias))), mul(sigmoid(i), activation(j)));
    const output = mul(activation(memory), sigmoid(o));
    return [output, { c: memory, h: output }];
  }
}
