import * as tl from 'tensorloom';
import type { Contender } from '../contender.js';
import { type Given, type Workload, givenOf } from '../workload.js';
import { ALL, variants } from './variants.js';

/** The workload through the public face of the library, as one would write it; the variant leaves out what it is named for. */
export const tensorloom = (w: Workload, threads: number, variant: string = ALL): Promise<Contender> =>
  contender(modelOf(w), variants[variant](threads));

/** The same with every step of the sequence in the graph. */
export const tensorloomStatic = (w: Workload, threads: number): Promise<Contender> =>
  contender(modelOf(w, staticSteps), variants[ALL](threads));

/** Begins a session with the weights of a model. */
async function contender({ weights, run }: Model, options: tl.SessionOptions): Promise<Contender> {
  const session = new tl.Session(options);
  await session.run(tl.globalVariablesInitializer());
  const variables = tl.trainableVariables();
  await session.run(weights.map((value, i) => variables[i].assign(value)));
  return { versions: { tensorloom: session.backend.description }, step: () => run(session) };
}

/** A graph, the weights that its variables begin with, and how it runs once. */
interface Model {
  readonly weights: readonly Given[];
  readonly run: Run;
}

/** Makes the graph of a workload, in the current one. */
function modelOf(w: Workload, drive: Drive = dynamicSteps): Model {
  const { data, weights } = givenOf(w);
  return { weights: Object.values(weights), run: w.kind === 'decode' ? decoding(w) : training(w, data, drive) };
}

/** Runs a model once. */
type Run = (session: tl.Session) => number;

const activations = { tanh: tl.tanh, relu: tl.nn.relu };

/** Runs a cell over inputs [batch, steps, inputs]: the outputs [batch, steps, units], and the final state. */
type Drive = <S extends tl.Structure>(cell: tl.rnn.Cell<S>, X: tl.Tensor) => [outputs: tl.Tensor, state: S];

const dynamicSteps: Drive = (cell, X) => tl.rnn.dynamicRnn(cell, X, { dtype: 'float32' });

const staticSteps: Drive = (cell, X) => {
  const [outputs, state] = tl.rnn.staticRnn(cell, tl.unstack(X, { axis: 1 }), { dtype: 'float32' });
  return [tl.stack(outputs, { axis: 1 }), state];
};

/** The outputs [batch, steps, units] and the last one. */
function outputsOf({ cell, units, activation }: Workload, X: tl.Tensor, drive: Drive): [tl.Tensor, tl.Tensor] {
  if (cell === 'lstm') {
    const [outputs, { h }] = drive(new tl.rnn.BasicLSTMCell(units), X);
    return [outputs, h];
  }
  const one =
    cell === 'gru'
      ? new tl.rnn.GRUCell(units)
      : new tl.rnn.BasicRNNCell(units, { activation: activations[activation] });
  return drive(one, X);
}

function training(w: Workload, { x, y }: Record<string, Given>, drive: Drive): Run {
  const X = tl.placeholder('float32', [null, w.steps, w.inputs]);
  const Y = tl.placeholder(w.kind === 'classes' ? 'int32' : 'float32', [null, ...y.shape.slice(1)]);
  const [outputs, last] = outputsOf(w, X, drive);
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
