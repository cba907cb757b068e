import { cpu } from '@tensorloom/backend-cpu';
import { gpujs } from '@tensorloom/backend-gpujs';
import { reference } from '@tensorloom/backend-reference';
import { tfjs } from '@tensorloom/backend-tfjs';
import * as tl from '@tensorloom/graph';
import { type Backend, Session } from '@tensorloom/runtime';
import { buildClassifier } from '@tensorloom/testkit/models';
import { beforeEach, describe, expect, test } from 'vitest';

const backends: Record<string, () => Backend | Promise<Backend>> = {
  reference: () => reference(),
  cpu: () => cpu(),
  'tfjs cpu': () => tfjs('cpu'),
  'tfjs wasm': () => tfjs('wasm'),
  'gpu.js cpu': () => gpujs({ mode: 'cpu' }),
  'gpu.js webasm': () => gpujs({ mode: 'webasm' }),
};

const sizes = { steps: 4, inputs: 3, neurons: 5, classes: 3 };
const batch = 6;
const images = {
  shape: [batch, sizes.steps, sizes.inputs],
  data: Float32Array.from({ length: batch * sizes.steps * sizes.inputs }, (_, i) => Math.sin(i)),
};
const labels = Int32Array.from({ length: batch }, (_, i) => i % sizes.classes);

beforeEach(() => {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);
});

describe.each(Object.entries(backends))('%s', (_, make) => {
  test('200 training steps leave no handle and no byte, and the loss falls', { timeout: 120_000 }, async () => {
    const backend = await make();
    const before = backend.stats();
    const { X, y, loss, trainingOp, init } = buildClassifier(sizes);
    const session = new Session({ backend });
    await session.run(init);
    const feeds = [
      [X, images],
      [y, labels],
    ] as const;
    const step = async (): Promise<number> => (await session.run({ trainingOp, loss }, feeds)).loss.item();
    const first = await step();
    const warm = backend.stats();
    let last = first;
    for (let i = 1; i < 200; i++) last = await step();
    expect(backend.stats()).toEqual(warm);
    expect(last).toBeLessThan(first);
    session.close();
    expect(backend.stats()).toEqual(before);
  });
});
