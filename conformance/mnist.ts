import { createCpu } from '@tensorloom/backend-cpu';
import { readIdx } from '@tensorloom/datasets';
import type { Backend } from '@tensorloom/runtime';
import { type ClassifierBatch, trainClassifier } from '@tensorloom/testkit/models';

/** The files of MNIST, images and labels. */
export const mnistFiles = ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'] as const;

/** The chapter's classifier: 28 rows of 28 pixels, 150 neurons. */
const sizes = { steps: 28, inputs: 28, neurons: 150, classes: 10 };
const BATCH = 150;

/** The first images, in batches of 150, as numbers from 0 to 1. */
function batchesOf(images: Uint8Array, labels: Uint8Array, count: number): ClassifierBatch[] {
  const pixels = readIdx(images, 3, 'images').data;
  const classes = readIdx(labels, 1, 'labels').data;
  const size = BATCH * 28 * 28;
  return Array.from({ length: count }, (_, k) => ({
    images: {
      shape: [BATCH, 28, 28],
      data: Float32Array.from(pixels.subarray(k * size, (k + 1) * size), (v) => v / 255),
    },
    labels: Int32Array.from(classes.subarray(k * BATCH, (k + 1) * BATCH)),
  }));
}

/** How far a backend's losses are from those of the CPU at most, over training steps on the images. */
export async function mnistError(
  backend: Backend,
  [images, labels]: readonly Uint8Array[],
  steps: number,
): Promise<number> {
  const batches = batchesOf(images, labels, steps);
  const expected = await trainClassifier(createCpu(), sizes, batches);
  const got = await trainClassifier(backend, sizes, batches);
  return Math.max(...got.map((l, i) => Math.abs(l - expected[i])));
}
