import * as tl from 'tensorloom';
import type { CellName } from './jobs.js';

const nNeurons = 150;
const nMultiNeurons = 100;
const nMultiLayers = 3;
// Op seeds: without them a kernel's start would depend on how many nodes the graph had before it.
const rnnSeed = 4;

/** Reads the rows of images X [batch, steps, inputs] by recurrent cells; gives what they remember at the end [batch, features]. */
export type RowReader = (X: tl.Tensor) => tl.Tensor;

const lastState = (cell: tl.rnn.Cell<tl.Tensor>, X: tl.Tensor): tl.Tensor => readBy(cell, X);

const lastH = (cell: tl.rnn.Cell<tl.rnn.LSTMState>, X: tl.Tensor): tl.Tensor => readBy(cell, X).h;

function readBy<S extends tl.Structure>(cell: tl.rnn.Cell<S>, X: tl.Tensor): S {
  const initializer = tl.glorotUniformInitializer({ seed: rnnSeed });
  const [, states] = tl.variableScope('', { initializer }, () => tl.rnn.dynamicRnn(cell, X, { dtype: 'float32' }));
  return states;
}

/** What `--cell` may name: how the MNIST classifier reads an image. `multi` is three layers of rectified neurons, all of whose states count. */
export const mnistCells: Readonly<Record<CellName, RowReader>> = {
  basic: (X) => lastState(new tl.rnn.BasicRNNCell(nNeurons), X),
  lstm: (X) => lastH(new tl.rnn.BasicLSTMCell(nNeurons), X),
  'lstm-peephole': (X) => lastH(new tl.rnn.LSTMCell(nNeurons, { usePeepholes: true }), X),
  gru: (X) => lastState(new tl.rnn.GRUCell(nNeurons), X),
  multi: (X) => {
    const layers = Array.from({ length: nMultiLayers }, (_, layer) => {
      const kernelInitializer = tl.glorotUniformInitializer({ seed: rnnSeed + layer });
      return new tl.rnn.BasicRNNCell(nMultiNeurons, { activation: tl.nn.relu, kernelInitializer });
    });
    const multiLayerCell = new tl.rnn.MultiRNNCell(layers);
    const [, states] = tl.rnn.dynamicRnn(multiLayerCell, X, { dtype: 'float32' });
    return tl.concat(states, 1);
  },
};
