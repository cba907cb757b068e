import {
  type Structure,
  type Tensor,
  type Variable,
  add,
  concat,
  expandDims,
  getVariable,
  matmul,
  mul,
  reduceSum,
  refuse,
  reshape,
  slice,
  tanh,
  variableScope,
} from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { type Cell, type CellOptions, ScopedCell, type StateSize, checkUnits, flatState, inputDepth } from '../cell.js';
import { type Layer, linear } from '../linear.js';

/** Options of an `AttentionCellWrapper`. */
export interface AttentionCellWrapperOptions extends CellOptions {
  /** Units of the output and of what is attended to; default: the cell's outputSize. */
  readonly attnSize?: number;
  /** Units in which queries and past outputs are compared; default: `attnSize`. */
  readonly attnVecSize?: number;
  /** Units of the input that the cell gets; default: those of the wrapper's input. */
  readonly inputSize?: number;
}

/** The wrapped cell's state, the last attention [batch, attnSize] and the last outputs [batch, attnSize * attnLength]. */
export type AttentionCellState<S extends Structure> = readonly [S, Tensor, Tensor];

interface Attention {
  /** In the shape of a 1 x 1 convolution, as TensorFlow keeps it. */
  readonly w: Variable;
  readonly v: Variable;
  readonly query: Layer;
}

/**
 * A cell that attends to its own last `attnLength` outputs (Bahdanau et al. 2015, Zhou et al. 2016): its input is projected together
 * with the last attention, its new state is compared with the last outputs, and its output is projected together with their weighted
 * sum. Variables below `attention_cell_wrapper`: `kernel`, `bias`, those of the cell, `attention/{attn_w, attn_v, kernel, bias}` and
 * `attn_output_projection/{kernel, bias}`. TensorFlow: `tf.contrib.rnn.AttentionCellWrapper`.
 */
export class AttentionCellWrapper<S extends Structure> extends ScopedCell<AttentionCellState<S>, Layer> {
  readonly stateSize: StateSize;
  readonly outputSize: number;
  readonly #cell: Cell<S>;
  readonly #length: number;
  readonly #vecSize: number;
  readonly #inputSize: number | undefined;
  #attention: Attention | undefined;
  #projection: Layer | undefined;

  constructor(cell: Cell<S>, attnLength: number, options: AttentionCellWrapperOptions = {}) {
    super('attention_cell_wrapper', options);
    checkUnits('AttentionCellWrapper', attnLength, 'outputs to attend to');
    const { attnSize = cell.outputSize } = options;
    if (typeof attnSize !== 'number') {
      refuse('AttentionCellWrapper', `expected a cell whose output is [batch, units], got ${attnSize.toString()}.`);
    }
    this.outputSize = attnSize;
    checkUnits('AttentionCellWrapper', this.outputSize);
    this.stateSize = [cell.stateSize, this.outputSize, this.outputSize * attnLength];
    this.#cell = cell;
    this.#length = attnLength;
    this.#vecSize = options.attnVecSize ?? this.outputSize;
    this.#inputSize = options.inputSize;
  }

  protected override build(input: Tensor): Layer {
    const depth = inputDepth('AttentionCellWrapper', input);
    return linear(depth + this.outputSize, this.#inputSize ?? depth, input.dtype);
  }

  protected override step(
    input: Tensor,
    [state, attention, past]: AttentionCellState<S>,
    mix: Layer,
  ): readonly [Tensor, AttentionCellState<S>] {
    const outputs = reshape(past, [-1, this.#length, this.outputSize]);
    const [output, next] = this.#cell.call(mix(input, attention), state);
    const attended = variableScope('attention', () => this.#attend(concat(flatState(next), 1), outputs));
    const projected = variableScope('attn_output_projection', () => {
      const depth = inputDepth('AttentionCellWrapper', output) + this.outputSize;
      this.#projection ??= linear(depth, this.outputSize, output.dtype);
      return this.#projection(output, attended);
    });
    const kept = slice(outputs, [0, 1, 0], [-1, -1, -1]);
    const latest = reshape(concat([kept, expandDims(projected, 1)], 1), [-1, this.outputSize * this.#length]);
    return [projected, [next, attended, latest]];
  }

  /** The past outputs [batch, length, units], weighted by how well they fit the query. */
  #attend(query: Tensor, outputs: Tensor): Tensor {
    const { w, v, query: layer } = (this.#attention ??= this.#buildAttention(query));
    const weights = reshape(w, [this.outputSize, this.#vecSize]);
    const rows = matmul(reshape(outputs, [-1, this.outputSize]), weights);
    const features = reshape(rows, [-1, this.#length, this.#vecSize]);
    const scores = reduceSum(mul(v, tanh(add(features, expandDims(layer(query), 1)))), 2);
    return reduceSum(mul(expandDims(nn.softmax(scores), 2), outputs), 1);
  }

  #buildAttention(query: Tensor): Attention {
    const { dtype } = query;
    return {
      w: getVariable('attn_w', [1, 1, this.outputSize, this.#vecSize], { dtype }),
      v: getVariable('attn_v', [this.#vecSize], { dtype }),
      query: linear(inputDepth('AttentionCellWrapper', query), this.#vecSize, dtype),
    };
  }
}
