import * as tl from 'tensorloom';

const nNeurons = 150;
const nLayers = 3;

/** Reads the rows of images X [batch, steps, inputs] by LSTM cells in three layers; gives the output of the top one at the end. */
export function readByLstmLayers(X: tl.Tensor): tl.Tensor {
  const lstmCells = Array.from({ length: nLayers }, () => new tl.rnn.BasicLSTMCell(nNeurons));
  const multiCell = new tl.rnn.MultiRNNCell(lstmCells);
  const [, states] = tl.rnn.dynamicRnn(multiCell, X, { dtype: 'float32' });
  const topLayerHState = states[nLayers - 1].h;
  return topLayerHState;
}
