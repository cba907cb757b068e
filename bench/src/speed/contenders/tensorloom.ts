import { createCpu } from '@tensorloom/backend-cpu';
import * as tl from 'tensorloom';
import type { Contender } from '../contender.js';
import { type Given, type Workload, givenOf } from '../workload.js';

/** The workload through the public face of the library, as one would write it. */
export async function tensorloom(w: Workload, threads: number): Promise<Contender> {
  const { data, weights } = givenOf(w);
  const compute = w.kind === 'decode' ? decoding(w) : training(w, data);
  const backend = createCpu({ threads });
  const session = new tl.Session({ backend });
  await session.run(tl.globalVariablesInitializer());
  const variables = tl.trainableVariables();
  await session.run(Object.values(weights).map((value, i) => variables[i].assign(value)));
  return {
    versions: { tensorloom: backend.description },
    step: () => compute(session),
  };
}

/** Runs a model once. */
type Run = (session: tl.Session) => number;

const activations = { tanh: tl.tanh, relu: tl.nn.relu };

/** The outputs [batch, steps, units] and the last one. */
function run({ cell, units, activation }: Workload, X: tl.Tensor): readonly [outputs: tl.Tensor, last: tl.Tensor] {
  const options = { dtype: 'float32' } as const;
  if (cell === 'lstm') {
    const [outputs, { h }] = tl.rnn.dynamicRnn(new tl.rnn.BasicLSTMCell(units), X, options);
    return [outputs, h];
  }
  const one =
    cell === 'gru'
      ? new tl.rnn.GRUCell(units)
      : new tl.rnn.BasicRNNCell(units, { activation: activations[activation] });
  return tl.rnn.dynamicRnn(one, X, options);
}

function training(w: Workload, { x, y }: Record<string, Given>): Run {
  const X = tl.placeholder('float32', [null, w.steps, w.inputs]);
  const Y = tl.placeholder(w.kind === 'classes' ? 'int32' : 'float32', [null, ...y.shape.slice(1)]);
  const [outputs, last] = run(w, X);
  const results = tl.layers.dense(w.kind === 'each' ? outputs : last, w.outputs);
  const loss = tl.reduceMean(
    w.kind === 'classes'
      ? tl.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: Y, logits: results })
      : tl.square(results.sub(Y)),
  );
  const trainingOp = new tl.train.AdamOptimizer({ learningRate: 0.001 }).minimize(loss);
  const feeds = [
    [X, x],
    [Y, y],
  ] as const;
  return (session) => session.runSync({ trainingOp, loss }, feeds).loss.item();
}

function decoding(w: Workload): Run {
  const embedding = tl.getVariable('embedding', [w.outputs, w.inputs]);
  const helper = new tl.seq2seq.GreedyEmbeddingHelper(embedding, tl.constant([0], { dtype: 'int32' }), w.outputs);
  const cell = new tl.rnn.BasicLSTMCell(w.units);
  const decoder = new tl.seq2seq.BasicDecoder(cell, helper, cell.zeroState(1, 'float32'), {
    outputLayer: new tl.layers.Dense(w.outputs),
  });
  const [outputs] = tl.seq2seq.dynamicDecode(decoder, { maximumIterations: w.steps });
  return (session) => session.runSync(outputs.sampleId).data.at(-1) ?? NaN;
}
