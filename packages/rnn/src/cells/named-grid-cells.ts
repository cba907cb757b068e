import type { Tensor } from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import { BasicLSTMCell } from './basic-lstm-cell.js';
import { BasicRNNCell } from './basic-rnn-cell.js';
import type { CellOptions } from '../cell.js';
import { type GridDimState, GridRNNCell, type GridRNNCellOptions } from './grid-rnn-cell.js';
import { GRUCell } from './gru-cell.js';
import { LSTMCell } from './lstm-cell.js';

/** Options of the grids of one dimension. */
export type Grid1CellOptions = CellOptions;

/** Options of the grids of more dimensions. */
export interface Grid2CellOptions extends CellOptions {
  /** Whether the dimensions share one cell; default false. */
  readonly tied?: boolean;
  /** Takes the place of the first dimension's cell; default: that dimension is recurrent too. */
  readonly nonRecurrentFn?: Activation;
}

/** Options of the LSTMs of a grid. */
export interface GridBasicLSTMOptions {
  /** Added to the forget gates; default 1. */
  readonly forgetBias?: number;
}

/** Options of the LSTMs with peepholes of a grid. */
export interface GridLSTMUnitOptions extends GridBasicLSTMOptions {
  /** Whether the gates see the memory; default false. */
  readonly usePeepholes?: boolean;
}

/** The first dimension reads the input, gives the output and goes last. */
const grid = <S extends GridDimState>(
  name: string,
  numDims: number,
  { nonRecurrentFn, ...options }: Grid2CellOptions,
  cellFn: NonNullable<GridRNNCellOptions<S>['cellFn']>,
): GridRNNCellOptions<S> => ({
  name,
  ...options,
  numDims,
  inputDims: 0,
  outputDims: 0,
  priorityDims: 0,
  cellFn,
  ...(nonRecurrentFn && { nonRecurrentDims: 0, nonRecurrentFn }),
});

/** A `GridRNNCell` of one dimension, a `BasicRNNCell`. TensorFlow: `tf.contrib.grid_rnn.Grid1BasicRNNCell`. */
export class Grid1BasicRNNCell extends GridRNNCell<Tensor> {
  constructor(numUnits: number, options: Grid1CellOptions = {}) {
    super(
      numUnits,
      grid('Grid1BasicRNNCell', 1, options, (n) => new BasicRNNCell(n)),
    );
  }
}

/**
 * A `GridRNNCell` of two dimensions of `BasicRNNCell`s, the first of which reads the input and gives the output. TensorFlow:
 * `tf.contrib.grid_rnn.Grid2BasicRNNCell`.
 */
export class Grid2BasicRNNCell extends GridRNNCell<Tensor> {
  constructor(numUnits: number, options: Grid2CellOptions = {}) {
    super(
      numUnits,
      grid('Grid2BasicRNNCell', 2, options, (n) => new BasicRNNCell(n)),
    );
  }
}

/** A `GridRNNCell` of one dimension, a `BasicLSTMCell`. TensorFlow: `tf.contrib.grid_rnn.Grid1BasicLSTMCell`. */
export class Grid1BasicLSTMCell extends GridRNNCell {
  constructor(numUnits: number, { forgetBias = 1, ...options }: Grid1CellOptions & GridBasicLSTMOptions = {}) {
    super(
      numUnits,
      grid('Grid1BasicLSTMCell', 1, options, (n) => new BasicLSTMCell(n, { forgetBias })),
    );
  }
}

/**
 * A `GridRNNCell` of two dimensions of `BasicLSTMCell`s, the first of which reads the input and gives the output. TensorFlow:
 * `tf.contrib.grid_rnn.Grid2BasicLSTMCell`.
 */
export class Grid2BasicLSTMCell extends GridRNNCell {
  constructor(numUnits: number, { forgetBias = 1, ...options }: Grid2CellOptions & GridBasicLSTMOptions = {}) {
    super(
      numUnits,
      grid('Grid2BasicLSTMCell', 2, options, (n) => new BasicLSTMCell(n, { forgetBias })),
    );
  }
}

/** A `GridRNNCell` of one dimension, an `LSTMCell`. TensorFlow: `tf.contrib.grid_rnn.Grid1LSTMCell`. */
export class Grid1LSTMCell extends GridRNNCell {
  constructor(
    numUnits: number,
    { forgetBias = 1, usePeepholes = false, ...options }: Grid1CellOptions & GridLSTMUnitOptions = {},
  ) {
    super(
      numUnits,
      grid('Grid1LSTMCell', 1, options, (n) => new LSTMCell(n, { forgetBias, usePeepholes })),
    );
  }
}

/**
 * A `GridRNNCell` of two dimensions of `LSTMCell`s, the first of which reads the input and gives the output. TensorFlow:
 * `tf.contrib.grid_rnn.Grid2LSTMCell`.
 */
export class Grid2LSTMCell extends GridRNNCell {
  constructor(
    numUnits: number,
    { forgetBias = 1, usePeepholes = false, ...options }: Grid2CellOptions & GridLSTMUnitOptions = {},
  ) {
    super(
      numUnits,
      grid('Grid2LSTMCell', 2, options, (n) => new LSTMCell(n, { forgetBias, usePeepholes })),
    );
  }
}

/**
 * A `GridRNNCell` of three dimensions of `LSTMCell`s, the first of which reads the input and gives the output. TensorFlow:
 * `tf.contrib.grid_rnn.Grid3LSTMCell`.
 */
export class Grid3LSTMCell extends GridRNNCell {
  constructor(
    numUnits: number,
    { forgetBias = 1, usePeepholes = false, ...options }: Grid2CellOptions & GridLSTMUnitOptions = {},
  ) {
    super(
      numUnits,
      grid('Grid3LSTMCell', 3, options, (n) => new LSTMCell(n, { forgetBias, usePeepholes })),
    );
  }
}

/**
 * A `GridRNNCell` of two dimensions of `GRUCell`s, the first of which reads the input and gives the output. TensorFlow:
 * `tf.contrib.grid_rnn.Grid2GRUCell`.
 */
export class Grid2GRUCell extends GridRNNCell<Tensor> {
  constructor(numUnits: number, options: Grid2CellOptions = {}) {
    super(
      numUnits,
      grid('Grid2GRUCell', 2, options, (n) => new GRUCell(n)),
    );
  }
}
