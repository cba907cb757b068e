import { globalVariablesInitializer, placeholder, reduceMean } from '@tensorloom/graph';
import { layers, nn } from '@tensorloom/nn';
import { BasicRNNCell, dynamicRnn } from '@tensorloom/rnn';
import { AdamOptimizer } from '@tensorloom/train';

/** Sizes of a classifier of sequences. */
export interface Sizes {
  readonly steps: number;
  readonly inputs: number;
  readonly neurons: number;
  readonly classes: number;
}

/**
 * A classifier of sequences as a model to try a backend on: a dynamic RNN, a dense layer on its last state, softmax cross-entropy,
 * Adam. X is float32 [batch, steps, inputs], y int32 [batch]; run `init` first, then `trainingOp` as often as wanted.
 */
export function buildClassifier({ steps, inputs, neurons, classes }: Sizes) {
  const X = placeholder('float32', [null, steps, inputs], { name: 'X' });
  const y = placeholder('int32', [null], { name: 'y' });
  const [, state] = dynamicRnn(new BasicRNNCell(neurons), X, { dtype: 'float32' });
  const logits = layers.dense(state, classes);
  const loss = reduceMean(nn.sparseSoftmaxCrossEntropyWithLogits({ labels: y, logits }));
  const trainingOp = new AdamOptimizer({ learningRate: 0.001 }).minimize(loss);
  return { X, y, logits, loss, trainingOp, init: globalVariablesInitializer() };
}
