import { NDArray } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dataset } from '../src/index.js';

/** Examples whose two pixels and label all say which one they are. */
function numbered(count: number, seed?: number): Dataset {
  const images = Float32Array.from({ length: 2 * count }, (_, k) => Math.floor(k / 2));
  const labels = Int32Array.from({ length: count }, (_, i) => i);
  return new Dataset(new NDArray('float32', [count, 2], images), new NDArray('int32', [count], labels), { seed });
}

const labelsOf = (dataset: Dataset, batchSize: number, batches: number): number[] =>
  Array.from({ length: batches }, () => Array.from(dataset.nextBatch(batchSize)[1].data)).flat();

const sizes = fc
  .integer({ min: 1, max: 40 })
  .chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 1, max: count })));

describe('Dataset.nextBatch', () => {
  it('takes every example once per epoch, across the ends of batches', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.integer({ min: 1, max: 4 }), ([count, batchSize], seed, epochs) => {
        const dataset = numbered(count, seed);
        const drawn = labelsOf(dataset, batchSize, Math.ceil((epochs * count) / batchSize));
        for (let epoch = 0; epoch < epochs; epoch++) {
          const labels = drawn.slice(epoch * count, (epoch + 1) * count).sort((a, b) => a - b);
          expect(labels).toEqual(Array.from({ length: count }, (_, i) => i));
        }
      }),
    );
  });

  it('keeps each image beside its label', () => {
    const [images, labels] = numbered(30, 1).nextBatch(12);
    expect(images.shape).toEqual([12, 2]);
    expect(labels.shape).toEqual([12]);
    expect(images.toArray()).toEqual(Array.from(labels.data, (label) => [label, label]));
  });

  it('gives the same batches for the same seed, others for another', () => {
    const drawn = (seed: number): number[] => labelsOf(numbered(50, seed), 15, 8);
    expect(drawn(3)).toEqual(drawn(3));
    expect(drawn(3)).not.toEqual(drawn(4));
  });

  it('draws in the order of TensorFlow, whose reader shuffles with NumPy', () => {
    expect(labelsOf(numbered(10, 42), 5, 4)).toEqual([8, 1, 5, 0, 7, 2, 9, 4, 3, 6, 8, 1, 3, 2, 0, 7, 4, 6, 9, 5]);
  });

  it('shuffles anew in each epoch', () => {
    const drawn = labelsOf(numbered(50, 3), 50, 2);
    expect(drawn.slice(0, 50)).not.toEqual(drawn.slice(50));
  });

  it('counts the epochs that are over, as the next one begins', () => {
    const dataset = numbered(10, 0);
    const counts = Array.from({ length: 5 }, () => {
      dataset.nextBatch(6);
      return dataset.epochsCompleted;
    });
    expect(counts).toEqual([0, 1, 1, 2, 2]);
  });

  it('gives copies: a changed batch leaves the data as it is', () => {
    const dataset = numbered(4, 0);
    const [images] = dataset.nextBatch(4);
    images.data.fill(-1);
    expect(Math.min(...dataset.images.data)).toBe(0);
  });

  it('refuses a batch of no examples, of a part of one, or of more than there are', () => {
    for (const batchSize of [0, 1.5, 11]) {
      expect(() => numbered(10).nextBatch(batchSize)).toThrow(
        new RangeError(`Dataset.nextBatch: expected a batch size from 1 to 10 examples, got ${batchSize}.`),
      );
    }
  });
});

describe('Dataset.batches', () => {
  it('gives all examples in order, the last batch with what is left', () => {
    fc.assert(
      fc.property(sizes, ([count, batchSize]) => {
        const dataset = numbered(count);
        const batches = [...dataset.batches(batchSize)];
        expect(batches.slice(0, -1).every(([, labels]) => labels.size === batchSize)).toBe(true);
        expect(batches.flatMap(([, labels]) => Array.from(labels.data))).toEqual(Array.from(dataset.labels.data));
        expect(batches.flatMap(([images]) => Array.from(images.data))).toEqual(Array.from(dataset.images.data));
      }),
    );
  });

  it('refuses a batch of no examples', () => {
    expect(() => [...numbered(3).batches(0)]).toThrow(
      new RangeError('Dataset.batches: expected a batch size of at least 1, got 0.'),
    );
  });
});

describe('Dataset', () => {
  it('refuses images and labels that do not match', () => {
    const images = new NDArray('float32', [2, 3], new Float32Array(6));
    const labels = new NDArray('int32', [3], new Int32Array(3));
    expect(() => new Dataset(images, labels)).toThrow(
      new RangeError('Dataset: expected images [n, depth] and labels [n], got [2,3] and [3].'),
    );
  });
});
