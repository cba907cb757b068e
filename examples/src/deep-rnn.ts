import * as tl from 'tensorloom';

const nInputs = 2;
const nSteps = 5;
const nNeurons = 100;
const nLayers = 3;

/** Layers of recurrent neurons on top of each other: `MultiRNNCell` makes one cell of them, whose state is that of all layers. */
export async function run(options?: tl.SessionOptions) {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X = tl.placeholder('float32', [null, nSteps, nInputs]);

  const layers = Array.from({ length: nLayers }, () => new tl.rnn.BasicRNNCell(nNeurons));
  const multiLayerCell = new tl.rnn.MultiRNNCell(layers);
  const [outputs, states] = tl.rnn.dynamicRnn(multiLayerCell, X, { dtype: 'float32' });
  const topState = states[nLayers - 1];

  const init = tl.globalVariablesInitializer();

  // prettier-ignore
  const XBatch = [
    [[.1, .9], [.2, .8], [.3, .7], [.4, .6], [.5, .5]], // instance 0
    [[.9, .1], [.8, .2], [.7, .3], [.6, .4], [.5, .5]], // instance 1
  ];

  await using sess = new tl.Session(options);
  await sess.run(init);
  return await sess.run({ outputs, topState }, [[X, XBatch]]);
}
