import {
  type Tensor,
  type Variable,
  add,
  concat,
  getVariable,
  mul,
  sigmoid,
  split,
  sub,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';

/** Options of an `SRUCell`. */
export interface SRUCellOptions extends CellOptions {
  /** Default tanh. */
  readonly activation?: Activation;
}

interface Variables {
  readonly kernel: Variable;
  readonly bias: Variable;
}

/**
 * The simple recurrent unit (Lei, Zhang and Artzi 2017), whose state meets no matrix: j, f, r, t = x K; f, r = sigmoid([f, r] + b);
 * c' = f c + (1 - f) j, the state; its output h = r activation(c') + (1 - r) t. Variables `kernel` [depth, 4 units] and `bias`
 * [2 units]. TensorFlow: `tf.contrib.rnn.SRUCell`.
 */
export class SRUCell extends ScopedCell<Tensor, Variables> {
  readonly stateSize: number;
  readonly outputSize: number;
  readonly #activation: Activation;

  constructor(numUnits: number, { activation = tanh, ...options }: SRUCellOptions = {}) {
    super('sru_cell', options);
    checkUnits('SRUCell', numUnits);
    this.stateSize = numUnits;
    this.outputSize = numUnits;
    this.#activation = activation;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const n = this.stateSize;
    return {
      kernel: getVariable('kernel', [inputDepth('SRUCell', input), 4 * n], { dtype }),
      bias: getVariable('bias', [2 * n], { dtype, initializer: zerosInitializer() }),
    };
  }

  protected override step(x: Tensor, c: Tensor, { kernel, bias }: Variables): readonly [Tensor, Tensor] {
    const [j, forget, reset, direct] = split(x.matmul(kernel), 4, { axis: 1 });
    const [f, r] = split(sigmoid(concat([forget, reset], 1).biasAdd(bias)), 2, { axis: 1 });
    const memory = add(mul(f, c), mul(sub(1, f), j));
    return [add(mul(r, this.#activation(memory)), mul(sub(1, r), direct)), memory];
  }
}
