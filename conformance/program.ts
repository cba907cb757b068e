import * as tl from 'tensorloom';

/**
 * One program, unchanged but for its backend: a classifier of sequences of different lengths by an LSTM, with attention over its outputs.
 * Gives predictions, loss, and the gradients of all weights.
 */
export async function program(backend: tl.SessionOptions['backend']): Promise<readonly tl.NDArray[]> {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);
  const [batch, steps, inputs, classes] = [8, 12, 5, 4];
  const X = tl.placeholder('float32', [null, steps, inputs], { name: 'X' });
  const y = tl.placeholder('int32', [null], { name: 'y' });
  const lengths = tl.placeholder('int32', [null], { name: 'lengths' });
  const cell = new tl.rnn.MultiRNNCell([new tl.rnn.BasicLSTMCell(16), new tl.rnn.GRUCell(16)]);
  const [outputs, [, last]] = tl.rnn.dynamicRnn(cell, X, { dtype: 'float32', sequenceLength: lengths });
  const scores = tl.reduceSum(outputs.mul(tl.expandDims(last, 1)), 2);
  const context = tl.reduceSum(outputs.mul(tl.expandDims(tl.nn.softmax(scores), 2)), 1);
  const logits = tl.layers.dense(tl.concat([context, last], 1), classes);
  const loss = tl.reduceMean(tl.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: y, logits }));
  const gradients = tl.gradients(loss, tl.trainableVariables()).flatMap((g) => g ?? []);

  await using sess = new tl.Session(backend === undefined ? {} : { backend });
  await sess.run(tl.globalVariablesInitializer());
  return await sess.run(
    [logits, loss, ...gradients],
    [
      [
        X,
        {
          shape: [batch, steps, inputs],
          data: Float32Array.from({ length: batch * steps * inputs }, (_, i) => Math.sin(i)),
        },
      ],
      [y, [0, 1, 2, 3, 3, 2, 1, 0]],
      [lengths, [12, 1, 7, 3, 12, 5, 9, 2]],
    ],
  );
}
