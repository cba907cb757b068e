import { type Initializer, type Tensor, add, mul, sigmoid, split, sub, tanh } from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';
import { type Layer, linear } from '../linear.js';

/** Options of a `UGRNNCell`. */
export interface UGRNNCellOptions extends CellOptions {
  /** Of the kernel; default: the variable scope's, else glorot uniform. */
  readonly initializer?: Initializer;
  /** Added to the gate; default 1. */
  readonly forgetBias?: number;
  /** Default tanh. */
  readonly activation?: Activation;
}

/**
 * The update gate network (Collins, Sohl-Dickstein and Sussillo 2017): g, c = [x, h] K + b, h' = sigmoid(g + forgetBias) h + (1 - sigmoid(g
 * + forgetBias)) activation(c), its output h'. Variables `kernel` [depth + units, 2 units] and `bias`. TensorFlow: `tf.contrib.rnn.UGRNNCell`.
 */
export class UGRNNCell extends ScopedCell<Tensor, Layer> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #options: UGRNNCellOptions;

  constructor(numUnits: number, options: UGRNNCellOptions = {}) {
    super('ugrnn_cell', options);
    checkUnits('UGRNNCell', numUnits);
    this.stateSize = numUnits;
    this.outputSize = numUnits;
    this.#options = options;
  }

  protected override build(input: Tensor): Layer {
    const { initializer: kernelInitializer } = this.#options;
    const depth = inputDepth('UGRNNCell', input) + this.stateSize;
    return linear(depth, 2 * this.stateSize, input.dtype, { kernelInitializer });
  }

  protected override step(x: Tensor, h: Tensor, layer: Layer): readonly [Tensor, Tensor] {
    const { forgetBias = 1, activation = tanh } = this.#options;
    const [g, c] = split(layer(x, h), 2, { axis: 1 });
    const gate = sigmoid(add(g, forgetBias));
    const next = add(mul(gate, h), mul(sub(1, gate), activation(c)));
    return [next, next];
  }
}
