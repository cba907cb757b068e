import {
  type Initializer,
  type Structure,
  type Tensor,
  type Variable,
  getVariable,
  randomUniformInitializer,
  reshape,
  scopeInitializer,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { type Cell, type CellOptions, ScopedCell, type StateSize, checkUnits, flatState } from '../cell.js';
import type { Size } from '../tensor-shape.js';

/** Options of an `EmbeddingWrapper`. */
export interface EmbeddingWrapperOptions extends CellOptions {
  /** Of the embedding; default: the variable scope's, else uniform from -sqrt 3 to sqrt 3, whose variance is 1. */
  readonly initializer?: Initializer;
}

/**
 * A cell that reads ids, int32 [batch] or [batch, 1], and looks up their embeddings. Variable `embedding_wrapper/embedding`
 * [embeddingClasses, embeddingSize], of the state's dtype, and those of the cell below that scope. TensorFlow:
 * `tf.contrib.rnn.EmbeddingWrapper`.
 */
export class EmbeddingWrapper<S extends Structure> extends ScopedCell<S, null> {
  readonly stateSize: StateSize;
  readonly outputSize: Size;
  readonly #cell: Cell<S>;
  readonly #shape: readonly [number, number];
  readonly #initializer: Initializer | undefined;
  #embedding: Variable | undefined;

  constructor(cell: Cell<S>, embeddingClasses: number, embeddingSize: number, options: EmbeddingWrapperOptions = {}) {
    super('embedding_wrapper', options);
    checkUnits('EmbeddingWrapper', embeddingClasses, 'classes');
    checkUnits('EmbeddingWrapper', embeddingSize, 'numbers per embedding');
    this.stateSize = cell.stateSize;
    this.outputSize = cell.outputSize;
    this.#cell = cell;
    this.#shape = [embeddingClasses, embeddingSize];
    this.#initializer = options.initializer;
  }

  override zeroState(...args: Parameters<Cell<S>['zeroState']>): S {
    return this.#cell.zeroState(...args);
  }

  protected override build(): null {
    return null;
  }

  protected override step(input: Tensor, state: S): readonly [Tensor, S] {
    const [{ dtype }] = flatState(state);
    const limit = Math.sqrt(3);
    this.#embedding ??= getVariable('embedding', this.#shape, {
      dtype,
      initializer:
        this.#initializer ?? scopeInitializer() ?? randomUniformInitializer({ minval: -limit, maxval: limit }),
    });
    return this.#cell.call(nn.embeddingLookup(this.#embedding, reshape(input, [-1])), state);
  }
}
