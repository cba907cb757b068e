import * as tl from 'tensorloom';

/** The state of an `AttentionDecoderCell`: that of its cell [batch, units], and what it gave out last [batch, units]. */
export interface AttentionState extends Readonly<Record<string, tl.Tensor>> {
  readonly h: tl.Tensor;
  readonly attention: tl.Tensor;
}

/**
 * A GRU that looks back at a memory [batch, time, units] at each step: it weighs the memory's rows by their products with its output, and
 * gives out tanh([output, weighted sum] K). `mask` is 0 at rows of the memory to be seen, and very negative elsewhere.
 * M.-T. Luong et al., "Effective Approaches to Attention-based Neural Machine Translation", 2015. Any object with these members is a cell.
 */
export class AttentionDecoderCell implements tl.rnn.Cell<AttentionState> {
  readonly stateSize: Readonly<Record<'h' | 'attention', number>>;
  readonly outputSize: number;
  readonly #cell: tl.rnn.GRUCell;

  constructor(
    units: number,
    private readonly memory: tl.Tensor,
    private readonly mask: tl.Tensor,
  ) {
    this.#cell = new tl.rnn.GRUCell(units);
    this.stateSize = { h: units, attention: units };
    this.outputSize = units;
  }

  zeroState(batchSize: tl.TensorLike, dtype: tl.DType): AttentionState {
    const zeros = this.#cell.zeroState(batchSize, dtype);
    return { h: zeros, attention: zeros };
  }

  call(input: tl.Tensor, state: AttentionState): readonly [tl.Tensor, AttentionState] {
    const [output, h] = this.#cell.call(tl.concat([input, state.attention], 1), state.h);
    const scores = tl.reduceSum(tl.mul(this.memory, tl.expandDims(output, 1)), 2);
    const alignments = tl.nn.softmax(scores.add(this.mask));
    const context = tl.reduceSum(tl.mul(this.memory, tl.expandDims(alignments, 2)), 1);
    const attention = tl.layers.dense(tl.concat([output, context], 1), this.outputSize, {
      activation: tl.tanh,
      useBias: false,
      name: 'attention_layer',
    });
    return [attention, { h, attention }];
  }
}
