import {
  type Initializer,
  type Tensor,
  type Variable,
  add,
  clipByValue,
  concat,
  getVariable,
  matmul,
  mul,
  sigmoid,
  split,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth, kernelOptions } from '../cell.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** Options of an `LSTMCell`. */
export interface LSTMCellOptions extends CellOptions {
  /** Whether the gates see the memory, through weights of its own size; default false. */
  readonly usePeepholes?: boolean;
  /** Keeps the memory between -cellClip and cellClip, before it is read; default: no limit. */
  readonly cellClip?: number;
  /** Of the kernels and the peepholes; default: the variable scope's, else glorot uniform. */
  readonly initializer?: Initializer;
  /** Size of the output, when it is a linear projection of what the cell gives; default: none. */
  readonly numProj?: number;
  /** Keeps the projected output between -projClip and projClip; default: no limit. */
  readonly projClip?: number;
  /** Added to the forget gate; default 1. */
  readonly forgetBias?: number;
  /** Default tanh. */
  readonly activation?: Activation;
}

interface Variables {
  readonly kernel: Variable;
  readonly bias: Variable;
  readonly peepholes: Readonly<Record<'f' | 'i' | 'o', Variable>> | undefined;
  readonly projection: Variable | undefined;
}

/** x + w memory, where there is a peephole. */
const seeing = (x: Tensor, w: Variable | undefined, memory: Tensor): Tensor =>
  w === undefined ? x : add(x, mul(w, memory));

const clipped = (x: Tensor, limit: number | undefined): Tensor =>
  limit === undefined ? x : clipByValue(x, -limit, limit);

/**
 * The LSTM with peepholes, clipping and projection on request (Sak, Senior and Beaufays 2014): i, j, f, o = [x, h] K + b;
 * c' = c sigmoid(f + forgetBias + w_f c) + sigmoid(i + w_i c) activation(j); h' = activation(c') sigmoid(o + w_o c') P, its output h'.
 * Variables `kernel` [depth + output, 4 units], `bias` [4 units], `w_f_diag`, `w_i_diag`, `w_o_diag` [units] and `projection/kernel`
 * [units, numProj]. TensorFlow: `tf.nn.rnn_cell.LSTMCell`.
 */
export class LSTMCell extends ScopedCell<LSTMState, Variables> {
  readonly stateSize: Readonly<Record<'c' | 'h', number>>;
  readonly outputSize: number;
  readonly #options: LSTMCellOptions;

  constructor(numUnits: number, options: LSTMCellOptions = {}) {
    super('lstm_cell', options);
    checkUnits('LSTMCell', numUnits);
    if (options.numProj !== undefined) checkUnits('LSTMCell', options.numProj, 'projected outputs');
    this.outputSize = options.numProj ?? numUnits;
    this.stateSize = { c: numUnits, h: this.outputSize };
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const { initializer, usePeepholes = false, numProj } = this.#options;
    const options = { dtype, ...kernelOptions(initializer) };
    const n = this.stateSize.c;
    const peephole = (name: string): Variable => getVariable(`w_${name}_diag`, [n], options);
    return {
      kernel: getVariable('kernel', [inputDepth('LSTMCell', input) + this.outputSize, 4 * n], options),
      bias: getVariable('bias', [4 * n], { dtype, initializer: zerosInitializer() }),
      peepholes: usePeepholes ? { f: peephole('f'), i: peephole('i'), o: peephole('o') } : undefined,
      projection: numProj === undefined ? undefined : getVariable('projection/kernel', [n, numProj], options),
    };
  }

  protected override step(x: Tensor, state: LSTMState, variables: Variables): readonly [Tensor, LSTMState] {
    const { c, h } = partsOf('LSTMCell', state);
    const { kernel, bias, peepholes, projection } = variables;
    const { activation = tanh, forgetBias = 1, cellClip, projClip } = this.#options;
    const [i, j, f, o] = split(concat([x, h], 1).matmul(kernel).biasAdd(bias), 4, { axis: 1 });
    const forget = sigmoid(seeing(add(f, forgetBias), peepholes?.f, c));
    const memory = clipped(add(mul(c, forget), mul(sigmoid(seeing(i, peepholes?.i, c)), activation(j))), cellClip);
    const full = mul(activation(memory), sigmoid(seeing(o, peepholes?.o, memory)));
    const output = projection === undefined ? full : clipped(matmul(full, projection), projClip);
    return [output, { c: memory, h: output }];
  }
}
