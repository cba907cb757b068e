import type { Initializer, Tensor } from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import {
  type Cell,
  type CellOptions,
  type CellState,
  ScopedCell,
  type StateSize,
  checkUnits,
  inputDepth,
} from '../cell.js';
import { type Layer, linear } from '../linear.js';
import type { Size } from '../tensor-shape.js';

/** Options of an `InputProjectionWrapper`. */
export interface InputProjectionWrapperOptions extends CellOptions {
  /** Applied to the projected input; default: none. */
  readonly activation?: Activation | null;
  /** Of the projection; default: the variable scope's, else glorot uniform. */
  readonly kernelInitializer?: Initializer;
}

/**
 * A cell whose input is first projected: activation(input K + b), of `numProj` numbers. Variables `input_projection_wrapper/kernel`
 * [depth, numProj] and `.../bias`, and those of the cell below that scope. TensorFlow: `tf.contrib.rnn.InputProjectionWrapper`.
 */
export class InputProjectionWrapper<S extends CellState> extends ScopedCell<S, Layer> {
  readonly stateSize: StateSize;
  readonly outputSize: Size;
  readonly #cell: Cell<S>;
  readonly #numProj: number;
  readonly #options: InputProjectionWrapperOptions;

  constructor(cell: Cell<S>, numProj: number, options: InputProjectionWrapperOptions = {}) {
    super('input_projection_wrapper', options);
    checkUnits('InputProjectionWrapper', numProj, 'projections');
    this.stateSize = cell.stateSize;
    this.outputSize = cell.outputSize;
    this.#cell = cell;
    this.#numProj = numProj;
    this.#options = options;
  }

  override zeroState(...args: Parameters<Cell<S>['zeroState']>): S {
    return this.#cell.zeroState(...args);
  }

  protected override build(input: Tensor): Layer {
    const { kernelInitializer } = this.#options;
    return linear(inputDepth('InputProjectionWrapper', input), this.#numProj, input.dtype, { kernelInitializer });
  }

  protected override step(input: Tensor, state: S, project: Layer): readonly [Tensor, S] {
    const { activation } = this.#options;
    const projected = project(input);
    return this.#cell.call(activation ? activation(projected) : projected, state);
  }
}
