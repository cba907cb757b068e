import * as tl from 'tensorloom';

const nSteps = 2;
const nInputs = 3;
const nNeurons = 5;

/** `dynamicRnn` runs the cell in a loop of the graph: nothing to unstack, and memory for one step's operations. */
export async function run(options?: tl.SessionOptions) {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X = tl.placeholder('float32', [null, nSteps, nInputs]);

  const basicCell = new tl.rnn.BasicRNNCell(nNeurons);
  const initializer = tl.glorotUniformInitializer({ seed: 87 });
  const [outputs] = tl.variableScope('', { initializer }, () => tl.rnn.dynamicRnn(basicCell, X, { dtype: 'float32' }));

  const init = tl.globalVariablesInitializer();

  // prettier-ignore
  const XBatch = [
    // t = 0,    t = 1
    [[0, 1, 2], [9, 8, 7]], // instance 0
    [[3, 4, 5], [0, 0, 0]], // instance 1
    [[6, 7, 8], [6, 5, 4]], // instance 2
    [[9, 0, 1], [3, 2, 1]], // instance 3
  ];

  await using sess = new tl.Session(options);
  await sess.run(init);
  return await sess.run({ outputs }, [[X, XBatch]]);
}
