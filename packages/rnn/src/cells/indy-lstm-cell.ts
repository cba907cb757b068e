import { type Initializer, type Tensor, add, mul, sigmoid, split, tanh } from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';
import { type IndependentLayer, independentLayer, independentLinear } from './independent-layer.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** Options of an `IndyLSTMCell`. */
export interface IndyLSTMCellOptions extends CellOptions {
  /** Added to the forget gate; default 1. */
  readonly forgetBias?: number;
  /** Default tanh. */
  readonly activation?: Activation;
  /** Of the kernel that the input meets; default: the variable scope's, else glorot uniform. */
  readonly kernelInitializer?: Initializer;
  /** Default zeros. */
  readonly biasInitializer?: Initializer;
}

/**
 * The LSTM whose units see of the state themselves alone (Gonnet and Deselaers 2019): i, j, f, o = x W + u h + b, c' = c sigmoid(f +
 * forgetBias) + sigmoid(i) activation(j), h' = activation(c') sigmoid(o), its output h'. Variables `kernel_w` [depth, 4 units],
 * `kernel_u` [1, 4 units], which begins between -1 and 1, and `bias` [4 units]. TensorFlow: `tf.contrib.rnn.IndyLSTMCell`.
 */
export class IndyLSTMCell extends ScopedCell<LSTMState, IndependentLayer> {
  readonly stateSize: Readonly<Record<'c' | 'h', number>>;
  readonly outputSize: number;
  readonly #options: IndyLSTMCellOptions;

  constructor(numUnits: number, options: IndyLSTMCellOptions = {}) {
    super('indy_lstm_cell', options);
    checkUnits('IndyLSTMCell', numUnits);
    this.stateSize = { c: numUnits, h: numUnits };
    this.outputSize = numUnits;
    this.#options = options;
  }

  protected override build(input: Tensor): IndependentLayer {
    const { kernelInitializer, biasInitializer } = this.#options;
    return independentLayer({
      names: ['kernel_w', 'kernel_u', 'bias'],
      depth: inputDepth('IndyLSTMCell', input),
      columns: 4 * this.outputSize,
      dtype: input.dtype,
      kernelInitializer,
      biasInitializer,
    });
  }

  protected override step(x: Tensor, state: LSTMState, layer: IndependentLayer): readonly [Tensor, LSTMState] {
    const { c, h } = partsOf('IndyLSTMCell', state);
    const { forgetBias = 1, activation = tanh } = this.#options;
    const [i, j, f, o] = split(independentLinear(x, h, layer, 4), 4, { axis: 1 });
    const memory = add(mul(c, sigmoid(add(f, forgetBias))), mul(sigmoid(i), activation(j)));
    const output = mul(activation(memory), sigmoid(o));
    return [output, { c: memory, h: output }];
  }
}
