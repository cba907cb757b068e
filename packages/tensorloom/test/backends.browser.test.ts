import * as tf from '@tensorflow/tfjs-core';
import { createCpu } from '@tensorloom/backend-cpu';
import { gpujs } from '@tensorloom/backend-gpujs';
import { tfjs } from '@tensorloom/backend-tfjs';
import type { Backend } from '@tensorloom/runtime';
import { metered } from '@tensorloom/testkit';
import { type ClassifierBatch, type Sizes, trainClassifier } from '@tensorloom/testkit/models';
import { beforeEach, describe, expect, test } from 'vitest';
import * as tl from '../src/index.js';

/** A batch of sequences that are waves, as often as wanted. */
function waves({ steps, inputs, classes }: Sizes, batch: number, count: number): ClassifierBatch[] {
  const data = Float32Array.from({ length: batch * steps * inputs }, (_, i) => Math.sin(i));
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
  return new Array<ClassifierBatch>(count).fill({ images: { shape: [batch, steps, inputs], data }, labels });
}

const wasmPaths = '/node_modules/@tensorflow/tfjs-backend-wasm/dist/';
const backends: Record<string, () => Promise<Backend>> = {
  'tfjs wasm': () => tfjs('wasm', { wasmPaths }),
  'tfjs webgl': () => tfjs('webgl'),
  'tfjs webgpu': () => tfjs('webgpu'),
  'gpu.js webgl2': () => gpujs({ mode: 'webgl2' }),
  'gpu.js webgpu': () => gpujs({ mode: 'webgpu' }),
};

// Rows of pixels as MNIST's; `npm run conformance` trains on the real ones, for which a GPU in software takes minutes.
const sizes = { steps: 28, inputs: 28, neurons: 20, classes: 10 };
const batches = waves(sizes, 20, 5);

describe.each(Object.entries(backends))('%s', (name, make) => {
  test('the losses of training steps are those of the CPU', async () => {
    const losses = await trainClassifier(createCpu(), sizes, batches);
    const got = await trainClassifier(await make(), sizes, batches);
    got.forEach((l, i) => expect(Math.abs(l - losses[i]), `step ${i}`).toBeLessThan(1e-3));
    expect(got[4]).toBeLessThan(got[0]);
  });

  test('50 steps leave no handle and no tensor behind', async () => {
    const small = { steps: 4, inputs: 3, neurons: 5, classes: 3 };
    const backend = await make();
    const tensors = (): number => (name.startsWith('tfjs') ? tf.memory().numTensors : 0);
    const before = tensors();
    const got = await trainClassifier(backend, small, waves(small, 6, 50));
    expect(got[49]).toBeLessThan(got[0]);
    expect(tensors()).toBe(before);
  });
});

describe('swapMemory on tfjs webgl', () => {
  beforeEach(() => tl.resetDefaultGraph());

  test('takes at least 60 % off the peak of an LSTM step of 200 steps, gradients unchanged', async () => {
    const [batch, steps, inputs, size] = [8, 200, 8, 32];
    const ofTfjs = metered(await tfjs('webgl'), () => tf.memory().numBytes);
    const backend = metered(ofTfjs, () => ofTfjs.stats().bytes);
    const data = Float32Array.from({ length: batch * steps * inputs }, (_, i) => Math.sin(i));
    const stepOf = async (swapMemory: boolean) => {
      tl.resetDefaultGraph();
      tl.setRandomSeed(3);
      const X = tl.placeholder('float32', [batch, steps, inputs]);
      const [, state] = tl.rnn.dynamicRnn(new tl.rnn.BasicLSTMCell(size), X, { dtype: 'float32', swapMemory });
      const gradients = tl.gradients(tl.reduceSum(tl.square(state.h)), tl.trainableVariables()).flatMap((g) => g ?? []);
      await using session = new tl.Session({ backend });
      await session.run(tl.globalVariablesInitializer());
      const meters = [backend, ofTfjs];
      meters.forEach((m) => m.reset());
      const before = meters.map((m) => m.peak());
      const values = await session.run(gradients, [[X, { shape: [batch, steps, inputs], data }]]);
      const [peak, tfjsPeak] = meters.map((m, i) => m.peak() - before[i]);
      return { values: values.map((v) => v.data), peak, tfjs: tfjsPeak };
    };
    const kept = await stepOf(false);
    const swapped = await stepOf(true);
    console.log(`peak bytes kept ${kept.peak}, swapped ${swapped.peak}; of tfjs ${kept.tfjs}, ${swapped.tfjs}`);
    swapped.values.forEach((g, i) =>
      g.forEach((v, k) => expect(Math.abs(v - kept.values[i][k])).toBeLessThan(1e-4 * Math.max(1, Math.abs(v)))),
    );
    expect(swapped.peak).toBeLessThan(0.4 * kept.peak);
    expect(swapped.tfjs).toBeLessThan(0.4 * kept.tfjs);
  });
});
