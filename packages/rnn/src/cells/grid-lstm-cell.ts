import { type Tensor, concat } from '@tensorloom/graph';
import { type CellOptions, ScopedCell, checkUnits } from '../cell.js';
import { type FrequencyWindows, checkFrequencyWindows, frequencyWindows } from './frequency-windows.js';
import {
  type GridLSTMBlock,
  type GridLSTMOptions,
  type GridLSTMState,
  gridLSTMBlock,
  gridPass,
} from './grid-lstm-block.js';

/** Options of a `GridLSTMCell`. */
export interface GridLSTMCellOptions extends CellOptions, FrequencyWindows, GridLSTMOptions {}

/**
 * The grid LSTM over time and frequency (Kalchbrenner, Danihelka and Graves 2016; with peepholes, Sainath and Li 2016): windows of
 * `featureSize` frequencies slide over the input [batch, frequencies], and at each window one LSTM goes on in time and another up the
 * frequencies; both read [x, h_time, h_frequency]. The state is `state[block][window] = { c, h }`, along time; the output of a window is
 * [h_time, h_frequency], that of the cell those of all windows. Variables of block b: `W_f_b_0`, `W_t_b_0` [featureSize + 2 units,
 * 4 units], `B_f_b`, `B_t_b` and the peepholes `W_F_diag_freqf_b`, ... [units]. TensorFlow: `tf.contrib.rnn.GridLSTMCell`.
 */
export class GridLSTMCell extends ScopedCell<GridLSTMState, readonly GridLSTMBlock[]> {
  readonly stateSize: readonly (readonly Readonly<Record<'c' | 'h', number>>[])[];
  readonly outputSize: number;
  readonly #units: number;
  readonly #options: GridLSTMCellOptions;

  constructor(numUnits: number, options: GridLSTMCellOptions) {
    super('grid_lstm_cell', options);
    checkUnits('GridLSTMCell', numUnits);
    checkFrequencyWindows('GridLSTMCell', options);
    const { numFrequencyBlocks } = options;
    this.stateSize = numFrequencyBlocks.map((count) =>
      Array.from({ length: count }, () => ({ c: numUnits, h: numUnits })),
    );
    this.outputSize = 2 * numUnits * numFrequencyBlocks.reduce((sum, count) => sum + count, 0);
    this.#units = numUnits;
    this.#options = options;
  }

  protected override build({ dtype }: Tensor): readonly GridLSTMBlock[] {
    const { featureSize, numFrequencyBlocks } = this.#options;
    const sizes = { units: this.#units, featureSize, dtype };
    return numFrequencyBlocks.map((_, b) => gridLSTMBlock(b, sizes, this.#options));
  }

  protected override step(
    x: Tensor,
    state: GridLSTMState,
    blocks: readonly GridLSTMBlock[],
  ): readonly [Tensor, GridLSTMState] {
    const windows = frequencyWindows('GridLSTMCell', x, this.#options);
    const [outputs, next] = gridPass('GridLSTMCell', windows, state, blocks, this.#options);
    return [concat(outputs, 1), next];
  }
}
