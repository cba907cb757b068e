import { type DType, type Tensor, type TensorLike, add, compatible, refuse, showSpec } from '@tensorloom/graph';
import type { Cell, CellState, StateSize } from '../cell.js';
import type { Size } from '../tensor-shape.js';

/** Options of a `ResidualWrapper`. */
export interface ResidualWrapperOptions {
  /** From input and output to the wrapper's output; default: their sum, for which they must have one shape. */
  readonly residualFn?: (input: Tensor, output: Tensor) => Tensor;
}

/**
 * A cell whose input is added to its output (He et al. 2016, Wu et al. 2016). Adds no scope. Throws when the input has not the output's
 * shape and there is no `residualFn`. TensorFlow: `tf.nn.rnn_cell.ResidualWrapper`.
 */
export class ResidualWrapper<S extends CellState> implements Cell<S> {
  readonly stateSize: StateSize;
  readonly outputSize: Size;
  readonly #cell: Cell<S>;
  readonly #join: (input: Tensor, output: Tensor) => Tensor;

  constructor(cell: Cell<S>, { residualFn = sum }: ResidualWrapperOptions = {}) {
    this.#cell = cell;
    this.#join = residualFn;
    this.stateSize = cell.stateSize;
    this.outputSize = cell.outputSize;
  }

  zeroState(batchSize: TensorLike, dtype: DType): S {
    return this.#cell.zeroState(batchSize, dtype);
  }

  call(input: Tensor, state: S): readonly [Tensor, S] {
    const [output, next] = this.#cell.call(input, state);
    return [this.#join(input, output), next];
  }
}

function sum(input: Tensor, output: Tensor): Tensor {
  if (compatible(input.shape, output.shape)) return add(input, output);
  return refuse(
    'ResidualWrapper',
    `expected an input of the output's shape, got ${showSpec(input.spec)} and ${showSpec(output.spec)}. Project the input, or pass residualFn.`,
    [input, output],
  );
}
