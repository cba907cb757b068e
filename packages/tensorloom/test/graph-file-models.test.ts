import * as tl from 'tensorloom';
import { expect, onTestFinished, test } from 'vitest';
import { checkComesBack, reloaded } from './graph-file-laws.js';

/** A graph of its own, and what `build` made in it; without a seed random numbers could not be compared. */
function inGraph<T>(build: () => T): { readonly graph: tl.Graph } & T {
  const graph = new tl.Graph();
  return { graph, ...tl.withGraph(graph, () => (tl.setRandomSeed(42), build())) };
}

function open(graph: tl.Graph): tl.Session {
  const session = new tl.Session({ graph });
  onTestFinished(() => session.close());
  return session;
}

const wave = (shape: readonly number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(0.7 * i)),
});

test('a graph is read, a checkpoint restored into it, and training goes on to the same bits', async () => {
  const { graph, X, y, loss, train, init, saver } = inGraph(() => {
    const X = tl.placeholder('float32', [null, 6, 3], { name: 'X' });
    const y = tl.placeholder('int32', [null], { name: 'y' });
    const cell = new tl.rnn.DropoutWrapper(new tl.rnn.LSTMCell(5, { usePeepholes: true }), { outputKeepProb: 0.8 });
    const [, { h }] = tl.rnn.dynamicRnn(cell, X, { dtype: 'float32', checkpointEvery: 2 });
    const logits = tl.layers.dense(tl.nn.dropout(h, { keepProb: 0.5 }), 4);
    const loss = tl.reduceMean(tl.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: y, logits }));
    const globalStep = tl.train.createGlobalStep();
    const train = new tl.train.AdamOptimizer().minimize(loss, { globalStep });
    return { X, y, loss, train, init: tl.globalVariablesInitializer(), saver: new tl.train.Saver() };
  });
  const steps = async (session: tl.Session, t: tl.Tensor, n: tl.Node, feeds: tl.Feeds) => {
    const losses: number[] = [];
    for (let i = 0; i < 4; i++) losses.push((await session.run([t, n], feeds))[0].item());
    return losses;
  };
  const first = open(graph);
  await first.run(init);
  const feed = (xs: tl.Tensor, ys: tl.Tensor): tl.Feeds => [
    [xs, wave([4, 6, 3])],
    [ys, [0, 1, 2, 3]],
  ];
  await steps(first, loss, train, feed(X, y));
  const checkpoint = await saver.toBytes(first);
  const { again } = reloaded(graph);
  const second = open(again);
  const report = await tl.withGraph(again, () => new tl.train.Saver()).fromBytes(second, checkpoint);
  expect(report.restored).toHaveLength(graph.variables.length);
  expect(report.randomStreams.length).toBeGreaterThanOrEqual(2);
  const tensor = (t: tl.Tensor) => again.getTensorByName(t.name);
  expect(await steps(second, tensor(loss), again.getOperationByName(train.name), feed(tensor(X), tensor(y)))).toEqual(
    await steps(first, loss, train, feed(X, y)),
  );
});

test('an encoder, attention, a greedy decoder and beam search', () => {
  const { graph, ...program } = inGraph(() => {
    const X = tl.placeholder('float32', [2, 4, 3]);
    const [memory, state] = tl.rnn.dynamicRnn(new tl.rnn.GRUCell(6), X, { dtype: 'float32' });
    const embedding = tl.getVariable('embedding', [5, 4]);
    const outputLayer = new tl.layers.Dense(5, { name: 'projection' });
    const decoderCell = new tl.rnn.GRUCell(6);
    const attending = (beams: number) => {
      const encoder = tl.seq2seq.tileBatch({ memory, state }, beams);
      const attention = tl.variableScope(
        'attention',
        { reuse: 'auto' },
        () => new tl.seq2seq.LuongAttention(6, encoder.memory),
      );
      const cell = new tl.seq2seq.AttentionWrapper(decoderCell, attention, { attentionLayerSize: 6 });
      return { cell, initial: { ...cell.zeroState(2 * beams, 'float32'), cellState: encoder.state } };
    };
    const fetches = tl.variableScope('', { reuse: 'auto' }, () => {
      const limit = { maximumIterations: 5 };
      const one = attending(1);
      const helper = new tl.seq2seq.GreedyEmbeddingHelper(embedding, [0, 0], 1);
      const greedy = new tl.seq2seq.BasicDecoder(one.cell, helper, one.initial, outputLayer);
      const [{ sampleId, rnnOutput }] = tl.seq2seq.dynamicDecode(greedy, limit);
      const some = attending(3);
      const search = new tl.seq2seq.BeamSearchDecoder(some.cell, embedding, [0, 0], 1, some.initial, 3, {
        outputLayer,
      });
      const [{ predictedIds }] = tl.seq2seq.dynamicDecode(search, limit);
      return [rnnOutput, sampleId, predictedIds];
    });
    const feeds = [[X, wave([2, 4, 3])] as const];
    return { fetches, feeds, initializers: [tl.globalVariablesInitializer()] };
  });
  checkComesBack(graph, program);
});

test('gradients and ops of one’s own, candidates that are learned, dependencies, what is printed', () => {
  const scaled = tl.defineOp({
    name: 'ScaledSquare',
    attrs: { by: 3, limits: [-Infinity, Infinity] },
    infer: ([x]) => [x.spec],
    gradient: ({ inputs: [x], attrs: { by } }, dy) => [dy.mul(x).mul(2 * by)],
    kernels: { host: ([x], [y], { by }) => x.data.forEach((v, i) => (y.data[i] = by * v * v)) },
  });
  const { graph, ...program } = inGraph(() => {
    const x = tl.placeholder('float32', [3]);
    const clipped = tl.customGradient((v) => [tl.sin(v), (dy: tl.Tensor) => tl.clipByValue(dy.mul(v), -0.5, 0.5)])(x);
    const count = tl.variable(0, { name: 'count' });
    const counted = tl.controlDependencies([count.assignAdd(1)], () => count.readValue());
    const { drawn } = tl.learnedCandidates(2, 9, true, [1, 2, 2]);
    const checked = tl.checkNumerics(scaled(clipped, { by: 2 }).mul(tl.nn.dropout(x, { keepProb: 0.5 })), 'x');
    const scanned = tl.scan(
      (sum, e) =>
        tl.cond(
          e.greater(0),
          () => sum.add(scaled(e)),
          () => sum.add(tl.randomUniform([])),
        ),
      x,
      { initializer: tl.constant(0) },
    );
    return {
      fetches: [checked, counted, drawn, scanned],
      feeds: [[x, wave([3])] as const],
      initializers: [tl.globalVariablesInitializer()],
    };
  });
  checkComesBack(graph, program, { ops: [scaled.op] });
});

test('a static RNN of many steps, and its gradients', () => {
  const { graph, ...program } = inGraph(() => {
    const xs = Array.from({ length: 300 }, (_, i) => tl.constant([[Math.sin(i)]]));
    const [, state] = tl.rnn.staticRnn(new tl.rnn.BasicRNNCell(2), xs, { dtype: 'float32' });
    const gradients = tl.gradients(state, tl.trainableVariables()).filter((g) => g !== null);
    return { fetches: [state, ...gradients], feeds: [], initializers: [tl.globalVariablesInitializer()] };
  });
  checkComesBack(graph, program);
});
