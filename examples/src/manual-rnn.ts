import * as tl from 'tensorloom';

const nInputs = 3;
const nNeurons = 5;

/** A layer of recurrent neurons over two time steps, written out by hand. */
export async function run(options?: tl.SessionOptions) {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const X0 = tl.placeholder('float32', [null, nInputs]);
  const X1 = tl.placeholder('float32', [null, nInputs]);

  const Wx = tl.variable(tl.randomNormal([nInputs, nNeurons], { seed: 5 }));
  const Wy = tl.variable(tl.randomNormal([nNeurons, nNeurons], { seed: 14 }));
  const b = tl.variable(tl.zeros([1, nNeurons]));

  const Y0 = tl.tanh(X0.matmul(Wx).add(b));
  const Y1 = tl.tanh(Y0.matmul(Wy).add(X1.matmul(Wx)).add(b));

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
