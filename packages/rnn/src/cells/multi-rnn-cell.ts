import { type DType, type Structure, type Tensor, type TensorLike, refuse, variableScope } from '@tensorloom/graph';
import { type Cell, type CellState, ScopedCell, type StateSize, packState, stateLeaves } from '../cell.js';
import type { Size } from '../tensor-shape.js';

/** A cell for each state. */
export type CellsOf<S extends readonly CellState[]> = { readonly [K in keyof S]: Cell<S[K]> };

/**
 * Cells on top of each other: each but the first reads the output of the one below. The state is the array of their states, the output
 * that of the last. Variables are those of the cells, in scopes `multi_rnn_cell/cell_0`, `cell_1`, ... The same cell object twice shares
 * its variables, which is warned of. Throws when there is no cell. TensorFlow: `tf.nn.rnn_cell.MultiRNNCell`.
 */
export class MultiRNNCell<S extends readonly CellState[] | [] = readonly Structure[]> extends ScopedCell<S, null> {
  readonly stateSize: readonly StateSize[];
  readonly outputSize: Size;
  readonly #cells: readonly Cell<CellState>[];

  constructor(cells: CellsOf<S>) {
    super('multi_rnn_cell', {});
    if (cells.length === 0) refuse('MultiRNNCell', 'expected at least one cell, got none. Pass an array of cells.');
    for (const [cell, layers] of layersOf(cells)) {
      if (layers.length === 1) continue;
      console.warn(
        `MultiRNNCell: one ${nameOf(cell)} is in layers ${layers.join(', ')}, which share its weights. Make a cell for each layer.`,
      );
    }
    this.#cells = [...cells];
    this.stateSize = cells.map((cell) => cell.stateSize);
    this.outputSize = this.#cells[cells.length - 1].outputSize;
  }

  /** The states that the cells themselves begin with. */
  override zeroState(batchSize: TensorLike, dtype: DType): S {
    return this.#cells.map((cell) => cell.zeroState(batchSize, dtype)) as S;
  }

  protected override build(): null {
    return null;
  }

  protected override step(input: Tensor, states: S): readonly [Tensor, S] {
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
    return [output, packState(states, next.flatMap(stateLeaves))];
  }
}

/** The layers that each cell is in. */
function layersOf(cells: readonly object[]): ReadonlyMap<object, readonly number[]> {
  const layers = new Map<object, number[]>();
  cells.forEach((cell, i) => layers.set(cell, [...(layers.get(cell) ?? []), i]));
  return layers;
}

/** What a cell is called; a plain object has no name of its own. */
const nameOf = (cell: object): string => (cell.constructor === Object ? 'cell' : cell.constructor.name);
