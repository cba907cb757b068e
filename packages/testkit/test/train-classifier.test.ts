import { reference } from '@tensorloom/backend-reference';
import type { Backend } from '@tensorloom/runtime';
import { expect, test } from 'vitest';
import { trainClassifier } from '../src/train-classifier.js';

const sizes = { steps: 3, inputs: 2, neurons: 4, classes: 3 };
const batches = new Array(20).fill({
  images: { shape: [5, 3, 2], data: Float32Array.from({ length: 30 }, (_, i) => Math.sin(i)) },
  labels: Int32Array.of(0, 1, 2, 0, 1),
});

test('losses fall, and are the same every time', async () => {
  const losses = await trainClassifier(reference(), sizes, batches);
  expect(losses).toHaveLength(20);
  expect(losses[19]).toBeLessThan(losses[0]);
  expect(await trainClassifier(reference(), sizes, batches)).toEqual(losses);
});

test('a backend that keeps handles is found out', async () => {
  const backend = reference();
  let calls = 0;
  const leaking: Backend = {
    ...backend,
    free: (x) => {
      if (++calls % 50 !== 0) backend.free(x);
    },
  };
  await expect(trainClassifier(leaking, sizes, batches)).rejects.toThrow(
    /^trainClassifier: backend 'reference' has \d+ live handles after training, expected \d+\.$/,
  );
});
