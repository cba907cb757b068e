import {
  type Initializer,
  type Tensor,
  type Variable,
  getVariable,
  matmul,
  refuse,
  zerosInitializer,
} from '@tensorloom/graph';
import type { Activation } from '@tensorloom/nn';
import {
  type Cell,
  type CellOptions,
  type CellState,
  ScopedCell,
  type StateSize,
  checkUnits,
  kernelOptions,
} from '../cell.js';
import type { Size } from '../tensor-shape.js';

/** Options of an `OutputProjectionWrapper`. */
export interface OutputProjectionWrapperOptions extends CellOptions {
  /** Applied to the projected output; default: none. */
  readonly activation?: Activation | null;
  /** Of the projection; default: the variable scope's, else glorot uniform. */
  readonly kernelInitializer?: Initializer;
}

interface Variables {
  readonly kernel: Variable;
  readonly bias: Variable;
}

/**
 * A cell whose output is a linear projection of another's: activation(output K + b); the state is the other's. Variables
 * `output_projection_wrapper/kernel` [cell output, outputSize] and `.../bias`, and those of the cell below that scope. TensorFlow:
 * `tf.contrib.rnn.OutputProjectionWrapper`.
 */
export class OutputProjectionWrapper<S extends CellState> extends ScopedCell<S, null> {
  readonly stateSize: StateSize;
  readonly outputSize: number;
  readonly #cell: Cell<S>;
  readonly #below: number;
  readonly #options: OutputProjectionWrapperOptions;
  #linear: Variables | undefined;

  constructor(cell: Cell<S>, outputSize: number, options: OutputProjectionWrapperOptions = {}) {
    super('output_projection_wrapper', options);
    checkUnits('OutputProjectionWrapper', outputSize, 'outputs');
    this.stateSize = cell.stateSize;
    this.outputSize = outputSize;
    this.#cell = cell;
    this.#below = unitsOf(cell.outputSize);
    this.#options = options;
  }

  override zeroState(...args: Parameters<Cell<S>['zeroState']>): S {
    return this.#cell.zeroState(...args);
  }

  protected override build(): null {
    return null;
  }

  protected override step(input: Tensor, state: S): readonly [Tensor, S] {
    const [output, next] = this.#cell.call(input, state);
    // After the cell's own variables, as in TensorFlow.
    const { kernel, bias } = (this.#linear ??= this.#buildLinear(output));
    const { activation } = this.#options;
    const projected = matmul(output, kernel).biasAdd(bias);
    return [activation ? activation(projected) : projected, next];
  }

  #buildLinear({ dtype }: Tensor): Variables {
    const { kernelInitializer } = this.#options;
    const shape = [this.#below, this.outputSize];
    return {
      kernel: getVariable('kernel', shape, { dtype, ...kernelOptions(kernelInitializer) }),
      bias: getVariable('bias', [this.outputSize], { dtype, initializer: zerosInitializer() }),
    };
  }
}

/** The size of an output [batch, units]; only such an output can be projected. */
function unitsOf(size: Size): number {
  if (typeof size === 'number') return size;
  return refuse(
    'OutputProjectionWrapper',
    `expected a cell whose outputSize is a number of units, got the shape ${size.toString()}. Flatten the cell's output.`,
  );
}
