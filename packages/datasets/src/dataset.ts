import { NDArray } from '@tensorloom/graph';
import { MersenneTwister } from './mersenne-twister.js';

/** How a `Dataset` is shuffled: `seed` fixes the order of all its batches; without one it differs from run to run. */
export interface DatasetOptions {
  readonly seed?: number | undefined;
}

/** Images, float32 [batchSize, depth], and their labels, int32 [batchSize]. */
export type Batch = [images: NDArray<'float32'>, labels: NDArray<'int32'>];

/**
 * Labelled examples in host memory: `images` is float32 [numExamples, depth], `labels` is int32 [numExamples].
 * TensorFlow: `tensorflow.examples.tutorials.mnist.input_data`, `DataSet`.
 */
export class Dataset {
  readonly numExamples: number;
  readonly #depth: number;
  readonly #order: Uint32Array;
  readonly #random: MersenneTwister;
  #epochsCompleted = 0;
  #next = 0;

  /** Throws `RangeError` when `images` is not rank 2, or `labels` does not hold one label per image. */
  constructor(
    readonly images: NDArray<'float32'>,
    readonly labels: NDArray<'int32'>,
    { seed = Math.floor(Math.random() * 2 ** 32) }: DatasetOptions = {},
  ) {
    const [count, depth] = images.shape;
    if (images.shape.length !== 2 || labels.shape.length !== 1 || labels.shape[0] !== count) {
      throw new RangeError(
        'Dataset: expected images [n, depth] and labels [n], ' +
          `got [${images.shape.join(',')}] and [${labels.shape.join(',')}].`,
      );
    }
    this.numExamples = count;
    this.#depth = depth;
    this.#random = new MersenneTwister(seed);
    this.#order = Uint32Array.from({ length: count }, (_, i) => i);
    this.#random.shuffle(this.#order);
  }

  /** How many times every example has been used. */
  get epochsCompleted(): number {
    return this.#epochsCompleted;
  }

  /**
   * The next batch. Each epoch takes every example once, in a new random order; where an epoch ends inside a batch,
   * the next one fills it up, so nothing is dropped.
   * Throws `RangeError` unless `batchSize` is an integer from 1 to `numExamples`.
   */
  nextBatch(batchSize: number): Batch {
    if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > this.numExamples) {
      throw new RangeError(
        `Dataset.nextBatch: expected a batch size from 1 to ${this.numExamples} examples, got ${batchSize}.`,
      );
    }
    const depth = this.#depth;
    const images = new Float32Array(batchSize * depth);
    const labels = new Int32Array(batchSize);
    for (let row = 0; row < batchSize; row++) {
      const example = this.#nextExample();
      images.set(this.images.data.subarray(example * depth, (example + 1) * depth), row * depth);
      labels[row] = this.labels.data[example];
    }
    return [new NDArray('float32', [batchSize, depth], images), new NDArray('int32', [batchSize], labels)];
  }

  /** All examples once, in their own order, in batches of `batchSize`; the last one may be smaller. Views, not copies. */
  *batches(batchSize: number): Generator<Batch> {
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(`Dataset.batches: expected a batch size of at least 1, got ${batchSize}.`);
    }
    const depth = this.#depth;
    for (let start = 0; start < this.numExamples; start += batchSize) {
      const end = Math.min(start + batchSize, this.numExamples);
      yield [
        new NDArray('float32', [end - start, depth], this.images.data.subarray(start * depth, end * depth)),
        new NDArray('int32', [end - start], this.labels.data.subarray(start, end)),
      ];
    }
  }

  #nextExample(): number {
    if (this.#next === this.numExamples) {
      this.#random.shuffle(this.#order);
      this.#epochsCompleted++;
      this.#next = 0;
    }
    return this.#order[this.#next++];
  }
}
