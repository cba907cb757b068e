import { type Structure, type Tensor, refuse, variableScope } from '@tensorloom/graph';
import { type Cell, ScopedCell, type StateSize } from './cell.js';

/**
 * Cells on top of each other: each but the first reads the output of the one below. The state is the array of their states, the output
 * that of the last. Variables are those of the cells, in scopes `multi_rnn_cell/cell_0`, `cell_1`, ... The same cell object twice shares
 * its variables, which is warned of. Throws when there is no cell. TensorFlow: `tf.nn.rnn_cell.MultiRNNCell`.
 */
export class MultiRNNCell extends ScopedCell<readonly Structure[], null> {
  readonly stateSize: readonly StateSize[];
  readonly outputSize: number;
  readonly #cells: readonly Cell[];

  constructor(cells: readonly Cell[]) {
    super('multi_rnn_cell', {});
    if (cells.length === 0) refuse('MultiRNNCell', 'expected at least one cell, got none. Pass an array of cells.');
    if (new Set(cells).size < cells.length) {
      console.warn(
        'MultiRNNCell: the same cell object occurs more than once, so that layers share their weights. Make one cell for each layer.',
      );
    }
    this.#cells = [...cells];
    this.stateSize = cells.map((cell) => cell.stateSize);
    this.outputSize = cells[cells.length - 1].outputSize;
  }

  protected override build(): null {
    return null;
  }

  protected override step(input: Tensor, states: readonly Structure[]): readonly [Tensor, readonly Structure[]] {
    if (states.length !== this.#cells.length) {
      return refuse(
        'MultiRNNCell',
        `expected a state for each of the ${this.#cells.length} cells, got ${states.length}. Pass an array of states.`,
      );
    }
    let output = input;
    const next = this.#cells.map((cell, k) =>
      variableScope(`cell_${k}`, () => {
        const [y, state] = cell.call(output, states[k]);
        output = y;
        return state;
      }),
    );
    return [output, next];
  }
}
