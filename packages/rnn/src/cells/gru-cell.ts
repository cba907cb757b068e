import {
  type Initializer,
  type Tensor,
  type Variable,
  add,
  concat,
  getVariable,
  mul,
  onesInitializer,
  sigmoid,
  split,
  sub,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth, kernelOptions } from '../cell.js';

/** Options of a `GRUCell`. */
export interface GRUCellOptions extends CellOptions {
  /** Default tanh. */
  readonly activation?: Activation;
  /** Of both kernels; default: the variable scope's, else glorot uniform. */
  readonly kernelInitializer?: Initializer;
  /** Of both biases; default: ones for the gates, zeros for the candidate. */
  readonly biasInitializer?: Initializer;
}

interface Layer {
  readonly kernel: Variable;
  readonly bias: Variable;
}

interface Variables {
  readonly gates: Layer;
  readonly candidate: Layer;
}

const linear = (x: Tensor, h: Tensor, { kernel, bias }: Layer): Tensor =>
  concat([x, h], 1).matmul(kernel).biasAdd(bias);

/**
 * The gated recurrent unit (Cho et al. 2014): r, u = sigmoid([x, h] K + b), c = activation([x, r h] Kc + bc), h' = u h + (1 - u) c, its
 * output h'. Variables `gates/kernel` [depth + units, 2 units], `gates/bias`, `candidate/kernel` [depth + units, units],
 * `candidate/bias`. TensorFlow: `tf.nn.rnn_cell.GRUCell`.
 */
export class GRUCell extends ScopedCell<Tensor, Variables> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #options: GRUCellOptions;

  constructor(numUnits: number, options: GRUCellOptions = {}) {
    super('gru_cell', options);
    checkUnits('GRUCell', numUnits);
    this.stateSize = numUnits;
    this.outputSize = numUnits;
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const { kernelInitializer, biasInitializer } = this.#options;
    const depth = inputDepth('GRUCell', input) + this.stateSize;
    const layer = (name: string, units: number, bias: Initializer): Layer => ({
      kernel: getVariable(`${name}/kernel`, [depth, units], { dtype, ...kernelOptions(kernelInitializer) }),
      bias: getVariable(`${name}/bias`, [units], { dtype, initializer: biasInitializer ?? bias }),
    });
    return {
      gates: layer('gates', 2 * this.stateSize, onesInitializer()),
      candidate: layer('candidate', this.stateSize, zerosInitializer()),
    };
  }

  protected override step(x: Tensor, h: Tensor, { gates, candidate }: Variables): readonly [Tensor, Tensor] {
    const { activation = tanh } = this.#options;
    const [r, u] = split(sigmoid(linear(x, h, gates)), 2, { axis: 1 });
    const c = activation(linear(x, mul(r, h), candidate));
    const next = add(mul(u, h), mul(sub(1, u), c));
    return [next, next];
  }
}
