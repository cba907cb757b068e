import { type Tensor, isTensor, refuse, showStructure } from '@tensorloom/graph';

/** The state of an LSTM: the cell's memory c and its output h, [batch, units] each. TensorFlow: `tf.nn.rnn_cell.LSTMStateTuple`. */
export type LSTMState = Readonly<Record<'c' | 'h', Tensor>>;

/** The parts of a state; throws when it is no `{ c, h }`. */
export function partsOf(cell: string, state: Partial<LSTMState> | undefined): LSTMState {
  const { c, h } = state ?? {};
  if (c !== undefined && h !== undefined) return { c, h };
  return refuse(
    cell,
    `expected a state { c, h }, got ${showStructure(state, isTensor)} (* is a tensor). Start from zeroState(), or pass { c, h }.`,
  );
}
