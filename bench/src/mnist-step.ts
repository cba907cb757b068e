import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tl from 'tensorloom';
import { interleaved, showTime } from './measure.js';

const batch = 150;
const steps = 28;
const inputs = 28;
const neurons = 150;
const classes = 10;

/** Numbers between -limit and limit that look random and are the same every time. */
const scattered = (size: number, limit: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => (((Math.sin(i * 12.9898 + seed) * 43758.5453) % 1) * 2 - 1) * limit);

const images = scattered(batch * steps * inputs, 1, 1).map(Math.abs);
const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
const start = {
  kernel: scattered((inputs + neurons) * neurons, Math.sqrt(6 / (inputs + 2 * neurons)), 2),
  denseKernel: scattered(neurons * classes, Math.sqrt(6 / (neurons + classes)), 3),
};

/** One training step, as a function that returns the loss before it. */
type Step = () => number;

async function tensorloomStep(): Promise<Step> {
  tl.resetDefaultGraph();
  const X = tl.placeholder('float32', [null, steps, inputs]);
  const y = tl.placeholder('int32', [null]);
  const [, state] = tl.rnn.dynamicRnn(new tl.rnn.BasicRNNCell(neurons), X, { dtype: 'float32' });
  const logits = tl.layers.dense(state, classes);
  const loss = tl.reduceMean(tl.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: y, logits }));
  const trainingOp = new tl.train.AdamOptimizer({ learningRate: 0.001 }).minimize(loss);
  const [kernel, , denseKernel] = tl.trainableVariables();
  const session = new tl.Session();
  await session.run(tl.globalVariablesInitializer());
  await session.run([
    kernel.assign({ shape: kernel.shape, data: start.kernel }),
    denseKernel.assign({ shape: denseKernel.shape, data: start.denseKernel }),
  ]);
  const feeds = [
    [X, { shape: [batch, steps, inputs], data: images }],
    [y, labels],
  ] as const;
  return () => session.runSync({ trainingOp, loss }, feeds).loss.item();
}

/** The same as tfjs's documentation would write it: eager, in a tidy, differentiated by the optimizer. */
async function tfjsStep(): Promise<Step> {
  setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  if (tf.getBackend() !== 'wasm')
    throw new Error(`mnist-step: expected tfjs on its wasm engine, got ${tf.getBackend()}.`);
  const X = tf.tensor3d(images, [batch, steps, inputs]);
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), classes);
  const kernel = tf.variable(tf.tensor2d(start.kernel, [inputs + neurons, neurons]));
  const bias = tf.variable(tf.zeros([neurons]));
  const denseKernel = tf.variable(tf.tensor2d(start.denseKernel, [neurons, classes]));
  const denseBias = tf.variable(tf.zeros([classes]));
  const optimizer = tf.train.adam(0.001, 0.9, 0.999, 1e-8);
  const loss = (): tf.Scalar => {
    let h: tf.Tensor = tf.zeros([batch, neurons]);
    for (const x of tf.unstack(X, 1)) h = tf.tanh(tf.add(tf.matMul(tf.concat([x, h], 1), kernel), bias));
    const logits = tf.add(tf.matMul(h, denseKernel), denseBias);
    return tf.losses.softmaxCrossEntropy(y, logits);
  };
  return () =>
    tf.tidy(() => {
      const value = optimizer.minimize(loss, true);
      if (value === null) throw new Error('mnist-step: tfjs returned no loss.');
      return value.dataSync()[0];
    });
}

/** One training step of the MNIST classifier, beside tfjs on its WASM engine: prints both and their ratio, which should be at most 1/3. */
export async function mnistStep(): Promise<Record<string, unknown>> {
  const contenders = { tensorloom: await tensorloomStep(), tfjs: await tfjsStep() };
  // The comparison is fair only if both compute the same.
  for (let step = 0; step < 3; step++) {
    const [ours, theirs] = [contenders.tensorloom(), contenders.tfjs()];
    if (Math.abs(ours - theirs) > 1e-3)
      throw new Error(`mnist-step: losses differ at step ${step}: ${ours} and ${theirs}.`);
  }
  const times = await interleaved(contenders, 40, 5);
  const ratio = times.tensorloom.median / times.tfjs.median;
  console.log(`  tensorloom ${showTime(times.tensorloom)}, one thread`);
  console.log(`  tfjs-core ${tf.version['tfjs-core']}, wasm, one thread, documented style ${showTime(times.tfjs)}`);
  console.log(`  ratio ${ratio.toFixed(3)} (1/${(1 / ratio).toFixed(1)}; at most 1/3 wanted)`);
  return { ...times, ratio };
}
