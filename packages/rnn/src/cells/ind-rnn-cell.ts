import { type Tensor, tanh } from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';
import { type IndependentLayer, independentLayer, independentLinear } from './independent-layer.js';

/** Options of an `IndRNNCell`. */
export interface IndRNNCellOptions extends CellOptions {
  /** Default tanh. */
  readonly activation?: Activation;
}

/**
 * The independently recurrent cell (Li et al. 2018), whose units see of the state themselves alone: h' = activation(x W + u h + b), its
 * output h'. Variables `kernel_w` [depth, units], `kernel_u` [1, units], which begins between -1 and 1, and `bias` [units]. TensorFlow:
 * `tf.contrib.rnn.IndRNNCell`.
 */
export class IndRNNCell extends ScopedCell<Tensor, IndependentLayer> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #activation: Activation;

  constructor(numUnits: number, { activation = tanh, ...options }: IndRNNCellOptions = {}) {
    super('ind_rnn_cell', options);
    checkUnits('IndRNNCell', numUnits);
    this.stateSize = numUnits;
    this.outputSize = numUnits;
    this.#activation = activation;
  }

  protected override build(input: Tensor): IndependentLayer {
    return independentLayer({
      names: ['kernel_w', 'kernel_u', 'bias'],
      depth: inputDepth('IndRNNCell', input),
      columns: this.stateSize,
      dtype: input.dtype,
    });
  }

  protected override step(x: Tensor, h: Tensor, layer: IndependentLayer): readonly [Tensor, Tensor] {
    const next = this.#activation(independentLinear(x, h, layer));
    return [next, next];
  }
}
