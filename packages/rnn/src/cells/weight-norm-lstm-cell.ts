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
  variableScope,
  zerosInitializer,
} from '@tensorloom/graph';
import { type Activation, nn } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** Options of a `WeightNormLSTMCell`. */
export interface WeightNormLSTMCellOptions extends CellOptions {
  /** Whether weights are normalized; without it the cell is an `LSTMCell`. Default true. */
  readonly norm?: boolean;
  /** Whether the gates see the memory, through weights of its own size; default false. */
  readonly usePeepholes?: boolean;
  /** Keeps the memory between -cellClip and cellClip; default: no limit. */
  readonly cellClip?: number;
  /** Of the kernels, their lengths and the peepholes; default: the variable scope's, else glorot uniform. */
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

/** A kernel, and the lengths of its columns for each of the inputs that are read beside each other. */
interface Kernel {
  readonly weights: Variable;
  readonly lengths: readonly Variable[];
  /** Rows of each of the inputs. */
  readonly rows: readonly number[];
}

interface Variables {
  readonly kernel: Kernel;
  readonly bias: Variable;
  readonly peepholes: Readonly<Record<'f' | 'i' | 'o', Variable>> | undefined;
  readonly projection: Kernel | undefined;
}

const clipped = (x: Tensor, limit: number | undefined): Tensor =>
  limit === undefined ? x : clipByValue(x, -limit, limit);

/** The weights, every column of the rows of an input as long as `lengths` says. */
const normalized = ({ weights, lengths, rows }: Kernel): Tensor | Variable =>
  lengths.length === 0
    ? weights
    : concat(
        split(weights, rows, { axis: 0 }).map((part, k) => mul(nn.l2Normalize(part, 0), lengths[k])),
        0,
      );

/**
 * The `LSTMCell` whose weights are directions and lengths (Salimans and Kingma 2016): K = [g_0 V_0 / |V_0|; g_1 V_1 / |V_1|], V_0 being the
 * rows for x and V_1 those for h, its norms those of columns; so for the projection. Variables in the scope `wn_lstm_cell`: `kernel` [depth +
 * output, 4 units], `norm_0` and `norm_1` [4 units], `bias`, `w_f_diag`, `w_i_diag`, `w_o_diag` [units], `projection/kernel` [units,
 * numProj] and `projection/norm_0` [numProj]. TensorFlow: `tf.contrib.rnn.WeightNormLSTMCell`.
 */
export class WeightNormLSTMCell extends ScopedCell<LSTMState, Variables> {
  readonly stateSize: Readonly<Record<'c' | 'h', number>>;
  readonly outputSize: number;
  readonly #options: WeightNormLSTMCellOptions;

  constructor(numUnits: number, options: WeightNormLSTMCellOptions = {}) {
    super('weight_norm_lstm_cell', options);
    checkUnits('WeightNormLSTMCell', numUnits);
    if (options.numProj !== undefined) checkUnits('WeightNormLSTMCell', options.numProj, 'projected outputs');
    this.outputSize = options.numProj ?? numUnits;
    this.stateSize = { c: numUnits, h: this.outputSize };
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const { initializer, norm = true, usePeepholes = false, numProj } = this.#options;
    const n = this.stateSize.c;
    const depth = inputDepth('WeightNormLSTMCell', input);
    const peephole = (name: string): Variable => getVariable(`w_${name}_diag`, [n], { dtype });
    const kernel = (prefix: string, rows: readonly number[], columns: number): Kernel => ({
      weights: getVariable(`${prefix}kernel`, [rows.reduce((a, b) => a + b), columns], { dtype }),
      lengths: norm ? rows.map((_, k) => getVariable(`${prefix}norm_${k}`, [columns], { dtype })) : [],
      rows,
    });
    return variableScope('wn_lstm_cell', initializer === undefined ? {} : { initializer }, () => ({
      kernel: kernel('', [depth, this.outputSize], 4 * n),
      bias: getVariable('bias', [4 * n], { dtype, initializer: zerosInitializer() }),
      peepholes: usePeepholes ? { f: peephole('f'), i: peephole('i'), o: peephole('o') } : undefined,
      projection: numProj === undefined ? undefined : kernel('projection/', [n], numProj),
    }));
  }

  protected override step(x: Tensor, state: LSTMState, variables: Variables): readonly [Tensor, LSTMState] {
    const { c, h } = partsOf('WeightNormLSTMCell', state);
    const { kernel, bias, peepholes, projection } = variables;
    const { activation = tanh, forgetBias = 1, cellClip, projClip } = this.#options;
    const seeing = (z: Tensor, w: Variable | undefined, memory: Tensor): Tensor =>
      w === undefined ? z : add(z, mul(w, memory));
    const [i, j, f, o] = split(matmul(concat([x, h], 1), normalized(kernel)).biasAdd(bias), 4, { axis: 1 });
    const forget = sigmoid(seeing(add(f, forgetBias), peepholes?.f, c));
    const memory = clipped(add(mul(c, forget), mul(sigmoid(seeing(i, peepholes?.i, c)), activation(j))), cellClip);
    const full = mul(sigmoid(seeing(o, peepholes?.o, memory)), activation(memory));
    const output = projection === undefined ? full : clipped(matmul(full, normalized(projection)), projClip);
    return [output, { c: memory, h: output }];
  }
}
