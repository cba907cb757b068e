import { readIdx } from '@tensorloom/datasets';
import type { ClassifierBatch } from '@tensorloom/testkit/models';

/** The chapter's classifier of MNIST: 28 rows of 28 pixels. */
export const mnistSizes = { steps: 28, inputs: 28, neurons: 150, classes: 10 };

/** The first images of MNIST files, in batches of 150, as numbers from 0 to 1. */
export function mnistBatches(images: Uint8Array, labels: Uint8Array, count: number): ClassifierBatch[] {
  const pixels = readIdx(images, 3, 'images').data;
  const classes = readIdx(labels, 1, 'labels').data;
  const size = 28 * 28;
  return Array.from({ length: count }, (_, k) => ({
    images: {
      shape: [150, 28, 28],
      data: Float32Array.from(pixels.subarray(k * 150 * size, (k + 1) * 150 * size), (v) => v / 255),
    },
    labels: Int32Array.from(classes.subarray(k * 150, (k + 1) * 150)),
  }));
}

/** Small batches that cost little, for checks of memory. */
export const smallSizes = { steps: 4, inputs: 3, neurons: 5, classes: 3 };
export const smallBatches = (count: number): ClassifierBatch[] =>
  new Array<ClassifierBatch>(count).fill({
    images: { shape: [6, 4, 3], data: Float32Array.from({ length: 72 }, (_, i) => Math.sin(i)) },
    labels: Int32Array.from({ length: 6 }, (_, i) => i % 3),
  });
