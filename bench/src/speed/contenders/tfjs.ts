import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import type { Contender } from '../contender.js';
import { type Given, type Workload, givenOf } from '../workload.js';

/** The workload in tfjs on its WASM engine as its documentation would write it: eager, in a tidy, differentiated by the optimizer. */
export const tfjs = (w: Workload, threads: number): Promise<Contender> => contender(w, threads, tf.matMul);

/**
 * The same with products whose gradients transpose their operands first: the engine's products of transposed operands are slow, and
 * this is the best remedy known.
 */
export const tfjsWorkaround = (w: Workload, threads: number): Promise<Contender> => contender(w, threads, fastMatMul);

type MatMul = (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D;

const fastMatMul = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D =>
  tf.customGrad((x, y, save) => {
    const [left, right] = [x as tf.Tensor2D, y as tf.Tensor2D];
    (save as tf.GradSaveFunc)([left, right]);
    return {
      value: tf.matMul(left, right),
      gradFunc: (dz: tf.Tensor, saved: tf.Tensor[]) => {
        const d = dz as tf.Tensor2D;
        const [p, q] = saved as tf.Tensor2D[];
        return [tf.matMul(d, tf.transpose(q)), tf.matMul(tf.transpose(p), d)];
      },
    };
  })(a, b) as tf.Tensor2D;

async function contender(w: Workload, threads: number, matMul: MatMul): Promise<Contender> {
  setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();
  if (tf.getBackend() !== 'wasm') throw new Error(`speed: expected tfjs on its wasm engine, got ${tf.getBackend()}.`);
  const { data, weights } = givenOf(w);
  const [kernel, bias, denseKernel, denseBias] = Object.values(weights).map((value) => tf.variable(toTensor(value)));
  const X = toTensor(data.x);
  const y = w.kind === 'classes' ? tf.oneHot(tf.tensor1d(data.y.data, 'int32'), w.outputs) : toTensor(data.y);
  const dense = (h: tf.Tensor): tf.Tensor => tf.add(matMul(h as tf.Tensor2D, denseKernel as tf.Tensor2D), denseBias);
  const joint = (x: tf.Tensor, h: tf.Tensor): tf.Tensor =>
    tf.add(matMul(tf.concat([x, h], 1) as tf.Tensor2D, kernel as tf.Tensor2D), bias);
  const activation = w.activation === 'tanh' ? tf.tanh : tf.relu;
  const loss = (): tf.Scalar => {
    let h: tf.Tensor = tf.zeros([w.batch, w.units]);
    let c: tf.Tensor = tf.zeros([w.batch, w.units]);
    const outputs = tf.unstack(X, 1).map((x) => {
      if (w.cell === 'rnn') return (h = activation(joint(x, h)));
      const [i, j, f, o] = tf.split(joint(x, h), 4, 1);
      c = tf.add(tf.mul(c, tf.sigmoid(tf.add(f, 1))), tf.mul(tf.sigmoid(i), tf.tanh(j)));
      return (h = tf.mul(tf.tanh(c), tf.sigmoid(o)));
    });
    if (w.kind === 'classes') return tf.losses.softmaxCrossEntropy(y, dense(h));
    const all = tf.reshape(tf.stack(outputs, 1), [w.batch * w.steps, w.units]);
    return tf.mean(tf.square(tf.sub(tf.reshape(dense(all), [w.batch, w.steps, w.outputs]), y)));
  };
  const optimizer = tf.train.adam(0.001, 0.9, 0.999, 1e-8);
  return {
    versions: { 'tfjs-core': tf.version['tfjs-core'] },
    step: () =>
      tf.tidy(() => {
        const value = optimizer.minimize(loss, true);
        if (value === null) throw new Error('speed: tfjs returned no loss.');
        return value.dataSync()[0];
      }),
  };
}

const toTensor = ({ shape, data }: Given): tf.Tensor => tf.tensor(data, [...shape], 'float32');
