import type { Tensor } from '@tensorloom/graph';

/** The state of an LSTM: the cell's memory c and its output h, [batch, units] each. TensorFlow: `tf.nn.rnn_cell.LSTMStateTuple`. */
export type LSTMState = Readonly<Record<'c' | 'h', Tensor>>;
