import {
  type Tensor,
  type Variable,
  add,
  getVariable,
  matmul,
  mul,
  relu,
  sigmoid,
  split,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** Options of a `NASCell`. */
export interface NASCellOptions extends CellOptions {
  /** Size of the output, when it is a linear projection of what the cell gives; default: none. */
  readonly numProj?: number;
  /** Default false. */
  readonly useBias?: boolean;
}

interface Variables {
  readonly recurrentKernel: Variable;
  readonly kernel: Variable;
  readonly bias: Variable | undefined;
  readonly projection: Variable | undefined;
}

/** Nodes that x and h meet in. */
const NODES = 8;

/**
 * The cell that architecture search found (Zoph and Le 2017). With eight parts each of a = x K and m = h R + b: c' = tanh(tanh(sigmoid(a0 + m0)
 * relu(a1 + m1)) + c) tanh(sigmoid(a2 + m2) + relu(a3 m3)), h' = tanh(c' tanh(tanh(tanh(a4 + m4) sigmoid(a5 + m5)) + sigmoid(tanh(a6 +
 * m6) + sigmoid(a7 + m7)))) P, its output h'. Variables `recurrent_kernel` [output, 8 units], `kernel` [depth, 8 units], `bias` [8 units]
 * and `projection_weights` [units, numProj]. TensorFlow: `tf.contrib.rnn.NASCell`.
 */
export class NASCell extends ScopedCell<LSTMState, Variables> {
  readonly stateSize: Readonly<Record<'c' | 'h', number>>;
  readonly outputSize: number;
  readonly #options: NASCellOptions;

  constructor(numUnits: number, options: NASCellOptions = {}) {
    super('nas_cell', options);
    checkUnits('NASCell', numUnits);
    if (options.numProj !== undefined) checkUnits('NASCell', options.numProj, 'projected outputs');
    this.outputSize = options.numProj ?? numUnits;
    this.stateSize = { c: numUnits, h: this.outputSize };
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const { numProj, useBias = false } = this.#options;
    const n = this.stateSize.c;
    const depth = inputDepth('NASCell', input);
    const recurrentKernel = getVariable('recurrent_kernel', [this.outputSize, NODES * n], { dtype });
    const kernel = getVariable('kernel', [depth, NODES * n], { dtype });
    const bias = useBias ? getVariable('bias', [NODES * n], { dtype, initializer: zerosInitializer() }) : undefined;
    const projection = numProj === undefined ? undefined : getVariable('projection_weights', [n, numProj], { dtype });
    return { recurrentKernel, kernel, bias, projection };
  }

  protected override step(x: Tensor, state: LSTMState, variables: Variables): readonly [Tensor, LSTMState] {
    const { c, h } = partsOf('NASCell', state);
    const { recurrentKernel, kernel, bias, projection } = variables;
    const below = matmul(h, recurrentKernel);
    const m = split(bias === undefined ? below : below.biasAdd(bias), NODES, { axis: 1 });
    const a = split(matmul(x, kernel), NODES, { axis: 1 });
    const sum = (i: number): Tensor => add(a[i], m[i]);

    const left = tanh(mul(sigmoid(sum(0)), relu(sum(1))));
    const right = tanh(add(sigmoid(sum(2)), relu(mul(a[3], m[3]))));
    const memory = mul(tanh(add(left, c)), right);
    const first = tanh(mul(tanh(sum(4)), sigmoid(sum(5))));
    const second = sigmoid(add(tanh(sum(6)), sigmoid(sum(7))));
    const full = tanh(mul(memory, tanh(add(first, second))));
    const output = projection === undefined ? full : matmul(full, projection);
    return [output, { c: memory, h: output }];
  }
}
