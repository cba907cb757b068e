import {
  type Structure,
  globalVariablesInitializer,
  placeholder,
  reduceMean,
  trainableVariables,
} from '@tensorloom/graph';
import { layers, nn } from '@tensorloom/nn';
import { BasicLSTMCell, BasicRNNCell, type Cell, dynamicRnn } from '@tensorloom/rnn';
import { AdamOptimizer } from '@tensorloom/train';
import type { BuiltProgram, ConformanceProgram } from './program.js';

const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(0.7 * i));

/** A classifier of sequences of different lengths by a cell: losses, predictions and weights over three steps of Adam. */
function training<S extends Structure>(
  cell: () => Cell<S>,
  last: (state: S) => Parameters<typeof layers.dense>[0],
): BuiltProgram {
  const [batch, steps, inputs] = [4, 6, 3];
  const X = placeholder('float32', [null, steps, inputs]);
  const y = placeholder('int32', [null]);
  const [, state] = dynamicRnn(cell(), X, { dtype: 'float32', sequenceLength: [6, 3, 1, 5] });
  const logits = layers.dense(last(state), 3);
  const loss = reduceMean(nn.sparseSoftmaxCrossEntropyWithLogits({ labels: y, logits }));
  const step = new AdamOptimizer({ learningRate: 0.01 }).minimize(loss);
  const weights = trainableVariables().map((v) => v.value());
  return {
    fetches: [loss, logits, ...weights],
    targets: [step],
    feeds: [
      [X, { shape: [batch, steps, inputs], data: wave(batch * steps * inputs) }],
      [y, [0, 1, 2, 1]],
    ],
    init: globalVariablesInitializer(),
    runs: 3,
  };
}

/** Programs that train recurrent networks. */
export const modelPrograms: readonly ConformanceProgram[] = [
  {
    name: 'training steps of a BasicRNN',
    build: () =>
      training(
        () => new BasicRNNCell(5),
        (h) => h,
      ),
  },
  {
    name: 'training steps of an LSTM',
    build: () =>
      training(
        () => new BasicLSTMCell(5),
        ({ h }) => h,
      ),
  },
];
