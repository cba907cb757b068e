import {
  type Initializer,
  type Tensor,
  type Variable,
  add,
  concat,
  getVariable,
  matmul,
  mul,
  refuse,
  sigmoid,
  split,
  tanh,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { type CellOptions, ScopedCell, checkUnits, inputDepth, kernelOptions } from '../cell.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** Options of a `GLSTMCell`. */
export interface GLSTMCellOptions extends CellOptions {
  /** Of the kernels; default: the variable scope's, else glorot uniform. */
  readonly initializer?: Initializer;
  /** Size of the output, when it is a linear projection of what the cell gives; default: none. */
  readonly numProj?: number;
  /** Default 1, which is an LSTM. */
  readonly numberOfGroups?: number;
  /** Added to the forget gate; default 1. */
  readonly forgetBias?: number;
  /** Of the output; default tanh. */
  readonly activation?: Activation;
}

interface Variables {
  /** One for each group. */
  readonly kernels: readonly Variable[];
  /** Of i, j, f, o. */
  readonly biases: readonly Variable[];
  readonly projection: Variable | undefined;
}

const GATES = ['i', 'j', 'f', 'o'];

/**
 * The LSTM in groups (Kuchaiev and Ginsburg 2017): input, h and units are cut into equal parts, one for each group, and each group is an
 * LSTM of its own: i, j, f, o = [x, h] K_group + b, c' = c sigmoid(f + forgetBias) + sigmoid(i) tanh(j), h' = sigmoid(o) activation(c')
 * P, its output h'. Variables `group0/kernel`, `group1/kernel`, ... [(depth + output) / groups, 4 units / groups], `bias_i`, `bias_j`,
 * `bias_f`, `bias_o` [units] and `projection/kernel` [units, numProj]. Throws when the groups do not divide depth, units and numProj.
 * TensorFlow: `tf.contrib.rnn.GLSTMCell`.
 */
export class GLSTMCell extends ScopedCell<LSTMState, Variables> {
  readonly stateSize: Readonly<Record<'c' | 'h', number>>;
  readonly outputSize: number;
  readonly #groups: number;
  readonly #options: GLSTMCellOptions;

  constructor(numUnits: number, options: GLSTMCellOptions = {}) {
    super('glstm_cell', options);
    const { numProj, numberOfGroups = 1 } = options;
    checkUnits('GLSTMCell', numUnits);
    checkUnits('GLSTMCell', numberOfGroups, 'groups');
    if (numProj !== undefined) checkUnits('GLSTMCell', numProj, 'projected outputs');
    this.#groups = numberOfGroups;
    this.#divided('units', numUnits);
    this.outputSize = numProj ?? numUnits;
    this.#divided('projected outputs', this.outputSize);
    this.stateSize = { c: numUnits, h: this.outputSize };
    this.#options = options;
  }

  protected override build(input: Tensor): Variables {
    const { dtype } = input;
    const { initializer, numProj } = this.#options;
    const options = { dtype, ...kernelOptions(initializer) };
    const n = this.stateSize.c;
    const rows = this.#divided('inputs', inputDepth('GLSTMCell', input)) + this.outputSize / this.#groups;
    return {
      kernels: Array.from({ length: this.#groups }, (_, g) =>
        getVariable(`group${g}/kernel`, [rows, (4 * n) / this.#groups], options),
      ),
      biases: GATES.map((gate) => getVariable(`bias_${gate}`, [n], { dtype, initializer: zerosInitializer() })),
      projection: numProj === undefined ? undefined : getVariable('projection/kernel', [n, numProj], options),
    };
  }

  protected override step(x: Tensor, state: LSTMState, variables: Variables): readonly [Tensor, LSTMState] {
    const { c, h } = partsOf('GLSTMCell', state);
    const { kernels, biases, projection } = variables;
    const { forgetBias = 1, activation = tanh } = this.#options;
    const [xs, hs] = [x, h].map((part) => split(part, this.#groups, { axis: 1 }));
    const ofGroups = kernels.map((kernel, g) => split(matmul(concat([xs[g], hs[g]], 1), kernel), 4, { axis: 1 }));
    const [i, j, f, o] = biases.map((bias, gate) =>
      concat(
        ofGroups.map((gates) => gates[gate]),
        1,
      ).biasAdd(bias),
    );
    const memory = add(mul(c, sigmoid(add(f, forgetBias))), mul(sigmoid(i), tanh(j)));
    const full = mul(sigmoid(o), activation(memory));
    const output = projection === undefined ? full : matmul(full, projection);
    return [output, { c: memory, h: output }];
  }

  /** A number of what every group has an equal part of; returns that part. */
  #divided(what: string, n: number): number {
    if (n % this.#groups === 0) return n / this.#groups;
    return refuse('GLSTMCell', `expected a number of ${what} that ${this.#groups} groups divide, got ${n}.`);
  }
}
