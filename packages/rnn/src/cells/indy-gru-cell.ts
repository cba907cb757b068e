import {
  type Initializer,
  type Tensor,
  add,
  mul,
  onesInitializer,
  sigmoid,
  split,
  sub,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';
import { type IndependentLayer, independentLayer, independentLinear } from './independent-layer.js';

/** Options of an `IndyGRUCell`. */
export interface IndyGRUCellOptions extends CellOptions {
  /** Default tanh. */
  readonly activation?: Activation;
  /** Of the kernels that the input meets; default: the variable scope's, else glorot uniform. */
  readonly kernelInitializer?: Initializer;
  /** Of both biases; default: ones for the gates, zeros for the candidate. */
  readonly biasInitializer?: Initializer;
}

interface Variables {
  readonly gates: IndependentLayer;
  readonly candidate: IndependentLayer;
}

/**
 * The gated recurrent unit whose units see of the state themselves alone (after Li et al. 2018 and Cho et al. 2014): r, z = sigmoid(x W +
 * u h + b), c = activation(x Wc + uc r h + bc), h' = z h + (1 - z) c, its output h'. Variables `gates/kernel_w` [depth, 2 units],
 * `gates/kernel_u` [1, 2 units], `gates/bias`, `candidate/kernel` [depth, units], `candidate/kernel_u` [1, units], `candidate/bias`; those
 * named `kernel_u` begin between -1 and 1. TensorFlow: `tf.contrib.rnn.IndyGRUCell`.
 */
export class IndyGRUCell extends ScopedCell<Tensor, Variables> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #options: IndyGRUCellOptions;

  constructor(numUnits: number, options: IndyGRUCellOptions = {}) {
    super('indy_gru_cell', options);
    checkUnits('IndyGRUCell', numUnits);
    this.stateSize = numUnits;
    this.outputSize = numUnits;
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { kernelInitializer, biasInitializer } = this.#options;
    const n = this.stateSize;
    const common = { depth: inputDepth('IndyGRUCell', input), dtype: input.dtype, kernelInitializer };
    return {
      gates: independentLayer({
        ...common,
        names: ['gates/kernel_w', 'gates/kernel_u', 'gates/bias'],
        columns: 2 * n,
        biasInitializer: biasInitializer ?? onesInitializer(),
      }),
      candidate: independentLayer({
        ...common,
        // Without _w, as in TensorFlow.
        names: ['candidate/kernel', 'candidate/kernel_u', 'candidate/bias'],
        columns: n,
        biasInitializer: biasInitializer ?? zerosInitializer(),
      }),
    };
  }

  protected override step(x: Tensor, h: Tensor, { gates, candidate }: Variables): readonly [Tensor, Tensor] {
    const { activation = tanh } = this.#options;
    const [r, z] = split(sigmoid(independentLinear(x, h, gates, 2)), 2, { axis: 1 });
    const c = activation(independentLinear(x, mul(r, h), candidate));
    const next = add(mul(z, h), mul(sub(1, z), c));
    return [next, next];
  }
}
