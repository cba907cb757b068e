import { type Tensor, concat, variableScope } from '@tensorloom/graph';
import { ScopedCell, checkUnits } from '../cell.js';
import { checkFrequencyWindows, frequencyWindows } from './frequency-windows.js';
import { type GridLSTMBlock, type GridLSTMState, gridLSTMBlock, gridPass } from './grid-lstm-block.js';
import type { GridLSTMCellOptions } from './grid-lstm-cell.js';

/** Options of a `BidirectionalGridLSTMCell`. */
export interface BidirectionalGridLSTMCellOptions extends GridLSTMCellOptions {
  /** How far up the frequencies the windows of the way down lie from those of the way up; default 0. */
  readonly backwardSliceOffset?: number;
}

/** What is remembered of the way up the frequencies, and of the way down. */
export type BidirectionalGridLSTMState = readonly [forward: GridLSTMState, backward: GridLSTMState];

interface Variables {
  readonly forward: readonly GridLSTMBlock[];
  readonly backward: readonly GridLSTMBlock[];
}

/**
 * A `GridLSTMCell` that goes up the frequencies and, with other weights, down again: its output is that of the way up, then that of the
 * way down. Variables are those of a `GridLSTMCell` in the scopes `fwd` and `bwd`. TensorFlow: `tf.contrib.rnn.BidirectionalGridLSTMCell`.
 */
export class BidirectionalGridLSTMCell extends ScopedCell<BidirectionalGridLSTMState, Variables> {
  readonly stateSize: readonly (readonly (readonly Readonly<Record<'c' | 'h', number>>[])[])[];
  readonly outputSize: number;
  readonly #units: number;
  readonly #options: BidirectionalGridLSTMCellOptions;

  constructor(numUnits: number, options: BidirectionalGridLSTMCellOptions) {
    super('bidirectional_grid_lstm_cell', options);
    checkUnits('BidirectionalGridLSTMCell', numUnits);
    checkFrequencyWindows('BidirectionalGridLSTMCell', options);
    const { numFrequencyBlocks } = options;
    const way = numFrequencyBlocks.map((count) => Array.from({ length: count }, () => ({ c: numUnits, h: numUnits })));
    this.stateSize = [way, way];
    this.outputSize = 4 * numUnits * numFrequencyBlocks.reduce((sum, count) => sum + count, 0);
    this.#units = numUnits;
    this.#options = options;
  }

  protected override build({ dtype }: Tensor): Variables {
    const { featureSize, numFrequencyBlocks } = this.#options;
    const sizes = { units: this.#units, featureSize, dtype };
    const way = (scope: string): GridLSTMBlock[] =>
      variableScope(scope, () => numFrequencyBlocks.map((_, b) => gridLSTMBlock(b, sizes, this.#options)));
    return { forward: way('fwd'), backward: way('bwd') };
  }

  protected override step(
    x: Tensor,
    state: Partial<BidirectionalGridLSTMState>,
    { forward, backward }: Variables,
  ): readonly [Tensor, BidirectionalGridLSTMState] {
    const { 0: up, 1: down } = state;
    const cell = 'BidirectionalGridLSTMCell';
    const windows = frequencyWindows(cell, x, this.#options);
    const reversed = frequencyWindows(cell, x, this.#options, this.#options.backwardSliceOffset).map((block) =>
      block.reverse(),
    );
    const [upward, nextUp] = gridPass(cell, windows, up, forward, this.#options);
    const [downward, nextDown] = gridPass(cell, reversed, down, backward, this.#options);
    return [concat([...upward, ...downward], 1), [nextUp, nextDown]];
  }
}
