import * as tl from 'tensorloom';

const nInputs = 3;
const nNeurons = 5;

/** The same two steps from a cell, unrolled in the graph by `staticRnn`. */
export async function run(options?: tl.SessionOptions) {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X0 = tl.placeholder('float32', [null, nInputs]);
  const X1 = tl.placeholder('float32', [null, nInputs]);

  const basicCell = new tl.rnn.BasicRNNCell(nNeurons);
  const initializer = tl.glorotUniformInitializer({ seed: 20 });
  const [outputSeqs] = tl.variableScope('', { initializer }, () =>
    tl.rnn.staticRnn(basicCell, [X0, X1], { dtype: 'float32' }),
  );
  const [Y0, Y1] = outputSeqs;

  const init = tl.globalVariablesInitializer();

  // one row per instance
  // prettier-ignore
  const X0Batch = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 0, 1]]; // t = 0
  // prettier-ignore
  const X1Batch = [[9, 8, 7], [0, 0, 0], [6, 5, 4], [3, 2, 1]]; // t = 1

  await using sess = new tl.Session(options);
  await sess.run(init);
  return await sess.run({ Y0, Y1 }, [
    [X0, X0Batch],
    [X1, X1Batch],
  ]);
}
