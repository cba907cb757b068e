import {
  type Tensor,
  type Variable,
  concat,
  getVariable,
  isTensor,
  matmul,
  refuse,
  relu,
  slice,
  split,
  variableScope,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import {
  type Cell,
  type CellOptions,
  ScopedCell,
  type StateSize,
  checkUnits,
  flatState,
  inputDepth,
  packState,
} from '../cell.js';
import { LSTMCell } from './lstm-cell.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** Dimensions of a grid, counted from 0. */
export type GridDims = number | readonly number[];

/** The state along one dimension of a grid: an LSTM's, or the h of another cell. */
export type GridDimState = LSTMState | Tensor;

/** Options of a `GridRNNCell`, whose default scope is `GridRNNCell`, as in TensorFlow. */
export interface GridRNNCellOptions<S extends GridDimState = LSTMState> extends CellOptions {
  /** Default 1. */
  readonly numDims?: number;
  /** Those that the input enters, in equal parts; default none. */
  readonly inputDims?: GridDims;
  /** Those whose h is the output. */
  readonly outputDims?: GridDims;
  /** Those that go last, and see what the others gave at this step; default none. */
  readonly priorityDims?: GridDims;
  /** Those that remember nothing: nonRecurrentFn(H W + b) takes the place of a cell; default none. */
  readonly nonRecurrentDims?: GridDims;
  /** Default relu. */
  readonly nonRecurrentFn?: Activation;
  /** Whether the dimensions share one cell; default false. */
  readonly tied?: boolean;
  /** Makes the cell of a dimension; default an `LSTMCell`. */
  readonly cellFn?: (numUnits: number) => Cell<S>;
}

/** What has come along a dimension: h, and the memory c of an LSTM. */
interface Side {
  readonly c?: Tensor;
  readonly h: Tensor;
}

interface Dense {
  readonly weights: Variable;
  readonly biases: Variable;
}

/**
 * The grid of recurrent cells (Kalchbrenner, Danihelka and Graves 2016): at every step the cell of each dimension reads the hidden vectors
 * H = [h_0, ..., h_N-1] of all of them and its own memory, and gives that dimension its new h and c. The input, by a linear map, is h and c
 * of the input dimensions; an input of depth 0 leaves them as they were. The state is an array of the states of the recurrent
 * dimensions, the output [batch, units for each output dimension]. Variables `project_m_<dim>` and `project_c_<dim>` [input, units], those
 * of the cells in the scopes `recurrent/cell_<dim>`, or `recurrent` when tied, and
 * `non_recurrent/cell_<dim>/fully_connected/{weights,biases}`. TensorFlow: `tf.contrib.grid_rnn.GridRNNCell`, there with a tuple of outputs.
 */
export class GridRNNCell<S extends GridDimState = LSTMState> extends ScopedCell<readonly S[], null> {
  readonly stateSize: readonly StateSize[];
  readonly outputSize: number;
  readonly #units: number;
  readonly #tied: boolean;
  readonly #nonRecurrentFn: Activation;
  readonly #cells: readonly Cell[];
  /** Whether the cells are LSTMs. */
  readonly #withMemory: boolean;
  readonly #dims: Readonly<Record<'input' | 'output' | 'priority' | 'others' | 'recurrent', readonly number[]>>;
  #projections: readonly (readonly Variable[])[] | undefined;
  readonly #dense = new Map<string, Dense>();

  constructor(numUnits: number, options: GridRNNCellOptions<S> = {}) {
    super('GridRNNCell', options);
    checkUnits('GridRNNCell', numUnits);
    const { numDims = 1, tied = false, nonRecurrentFn = relu } = options;
    checkUnits('GridRNNCell', numDims, 'dimensions');
    const all = Array.from({ length: numDims }, (_, d) => d);
    const [input, output, priority, nonRecurrent] = [
      options.inputDims,
      options.outputDims,
      options.priorityDims,
      options.nonRecurrentDims,
    ].map((dims) => sortedDims(dims, numDims));
    if (output.length === 0)
      refuse('GridRNNCell', 'expected at least one output dimension, got none. Pass { outputDims }.');
    this.#dims = {
      input,
      output,
      priority,
      others: all.filter((d) => !priority.includes(d)),
      recurrent: all.filter((d) => !nonRecurrent.includes(d)),
    };
    const cellFn = options.cellFn ?? ((n: number): Cell => new LSTMCell(n));
    const shared = cellFn(numUnits);
    if (shared.outputSize !== numUnits) {
      refuse(
        'GridRNNCell',
        `expected cellFn to make cells of ${numUnits} units, got one whose outputSize is ${shared.outputSize.toString()}.`,
      );
    }
    this.#cells = all.map((d) => (tied || d === 0 ? shared : cellFn(numUnits)));
    this.#withMemory = typeof shared.stateSize !== 'number';
    this.#units = numUnits;
    this.#tied = tied;
    this.#nonRecurrentFn = nonRecurrentFn;
    this.stateSize = this.#dims.recurrent.map(() => shared.stateSize);
    this.outputSize = numUnits * output.length;
  }

  protected override build(): null {
    return null;
  }

  protected override step(x: Tensor, states: readonly S[]): readonly [Tensor, readonly S[]] {
    const { priority, others, output } = this.#dims;
    const sides = this.#sidesOf(states);
    for (const [dim, side] of this.#projected(x)) sides.set(dim, side);
    const next = new Map<number, readonly Tensor[]>();
    for (const dims of [others, priority]) this.#propagate(dims, sides, next);
    const after = [...next.keys()].sort((a, b) => a - b).flatMap((dim) => next.get(dim) ?? []);
    return [
      concat(
        output.map((dim) => hOf(sides, dim)),
        1,
      ),
      packState(states, after),
    ];
  }

  /** What the state says of the recurrent dimensions. */
  #sidesOf(states: readonly S[]): Map<number, Side> {
    const { recurrent } = this.#dims;
    if (states.length !== recurrent.length) {
      return refuse(
        'GridRNNCell',
        `expected an array with a state for each of the ${recurrent.length} recurrent dimensions. Start from zeroState().`,
      );
    }
    return new Map(
      recurrent.map((dim, k): readonly [number, Side] => {
        const state: GridDimState = states[k];
        if (isTensor(state) === this.#withMemory) {
          return refuse(
            'GridRNNCell',
            `expected ${this.#withMemory ? 'a state { c, h }' : 'a tensor as the state'} of dimension ${dim}, got ${isTensor(state) ? 'a tensor' : 'a structure'}. Start from zeroState().`,
          );
        }
        return [dim, isTensor(state) ? { h: state } : partsOf('GridRNNCell', state)];
      }),
    );
  }

  /** The input as h, and as c where cells have one, of the input dimensions. */
  #projected(x: Tensor): readonly (readonly [number, Side])[] {
    const { input } = this.#dims;
    const depth = inputDepth('GridRNNCell', x);
    if (depth === 0 || input.length === 0) return [];
    if (depth % input.length !== 0) {
      return refuse(
        'GridRNNCell',
        `expected an input whose depth is a multiple of ${input.length}, the number of input dimensions, got ${x.toString()}.`,
        [x],
      );
    }
    const shape = [depth / input.length, this.#units];
    this.#projections ??= input.map((dim) =>
      (this.#withMemory ? ['m', 'c'] : ['m']).map((part) =>
        getVariable(`project_${part}_${dim}`, shape, { dtype: x.dtype }),
      ),
    );
    const projections = this.#projections;
    const parts = split(x, input.length, { axis: 1 });
    return input.map((dim, k) => {
      const [h, c] = projections[k].map((weights) => matmul(parts[k], weights));
      return [dim, this.#withMemory ? { c, h } : { h }];
    });
  }

  /** Goes one step along the given dimensions, each of which sees what there is now along all. */
  #propagate(dims: readonly number[], sides: Map<number, Side>, next: Map<number, readonly Tensor[]>): void {
    if (dims.length === 0) return;
    const all = this.#cells.map((_, dim) => hOf(sides, dim));
    const last = all[all.length - 1];
    // A cell reads the last dimension as its state, the others as its input.
    const below = all.length > 1 ? concat(all.slice(0, -1), 1) : slice(last, [0, 0], [-1, 0]);
    const memories = dims.map((dim) => sides.get(dim)?.c);
    dims.forEach((dim, k) => {
      if (!this.#dims.recurrent.includes(dim)) {
        sides.set(dim, { h: this.#nonRecurrent(dim, concat(all, 1)) });
        return;
      }
      const c = memories[k];
      variableScope(this.#tied ? 'recurrent' : `recurrent/cell_${dim}`, () => {
        const [h, state] = this.#cells[dim].call(below, c === undefined ? last : { c, h: last });
        sides.set(dim, { h });
        next.set(dim, flatState(state));
      });
    });
  }

  #nonRecurrent(dim: number, x: Tensor): Tensor {
    const scope = this.#tied ? 'non_recurrent' : `non_recurrent/cell_${dim}`;
    const { dtype } = x;
    const dense = this.#dense.get(scope) ?? {
      weights: getVariable(`${scope}/fully_connected/weights`, [this.#cells.length * this.#units, this.#units], {
        dtype,
      }),
      biases: getVariable(`${scope}/fully_connected/biases`, [this.#units], { dtype, initializer: zerosInitializer() }),
    };
    this.#dense.set(scope, dense);
    return this.#nonRecurrentFn(matmul(x, dense.weights).biasAdd(dense.biases));
  }
}

function sortedDims(dims: GridDims = [], numDims: number): readonly number[] {
  const given = typeof dims === 'number' ? [dims] : dims;
  if (!given.every((d) => Number.isInteger(d) && d >= 0 && d < numDims))
    refuse('GridRNNCell', `expected dimensions from 0 to ${numDims - 1}, got [${given.join(',')}].`);
  return [...new Set(given)].sort((a, b) => a - b);
}

function hOf(sides: ReadonlyMap<number, Side>, dim: number): Tensor {
  const side = sides.get(dim);
  if (side !== undefined) return side.h;
  return refuse(
    'GridRNNCell',
    `dimension ${dim} is not recurrent and has no input. Name it in inputDims, and give an input whose depth is not 0.`,
  );
}
