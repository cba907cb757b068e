import { NDArray } from '@tensorloom/graph';
import { MersenneTwister } from './mersenne-twister.js';

/** How a `TimeSeries` is sampled. */
export interface TimeSeriesOptions {
  /** Fixes all batches, as `numpy.random.seed` does; 42 by default, the chapter's. Integer from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
}

/** Instances and their targets, the instances one step later; both float32 [batchSize, nSteps, 1]. */
export type TimeSeriesBatch = [inputs: NDArray<'float32'>, targets: NDArray<'float32'>];

/**
 * The time series f(t) = t sin(t) / 3 + 2 sin(5t) for t from 0 to 30, and random windows of it to learn to predict it from.
 * The same seed gives the same batches as in the chapter, whose NumPy generator it uses.
 * A. Géron, "Hands-On Machine Learning with Scikit-Learn and TensorFlow", 1st edition, chapter 14.
 */
export class TimeSeries {
  readonly tMin = 0;
  readonly tMax = 30;
  /** Time between two steps. */
  readonly resolution = 0.1;
  readonly #random: MersenneTwister;

  /** Throws `RangeError` when the seed is out of range. */
  constructor({ seed = 42 }: TimeSeriesOptions = {}) {
    this.#random = new MersenneTwister(seed);
  }

  /** The series at time `t`. */
  at(t: number): number {
    return (t * Math.sin(t)) / 3 + 2 * Math.sin(t * 5);
  }

  /**
   * `batchSize` windows of `nSteps` steps, each beginning at a random time, and the same windows one step later.
   * Throws `RangeError` unless `batchSize` is a positive integer and `nSteps` one for which a window fits in the series.
   */
  nextBatch(batchSize: number, nSteps: number): TimeSeriesBatch {
    const { tMin, tMax, resolution } = this;
    checkCount('a batch size', batchSize, Number.MAX_SAFE_INTEGER);
    checkCount('a number of steps', nSteps, Math.floor((tMax - tMin) / resolution));
    const inputs = new Float32Array(batchSize * nSteps);
    const targets = new Float32Array(batchSize * nSteps);
    for (let row = 0; row < batchSize; row++) {
      const t0 = tMin + this.#random.uniform() * (tMax - tMin - nSteps * resolution);
      for (let step = 0; step < nSteps; step++) {
        inputs[row * nSteps + step] = this.at(t0 + step * resolution);
        targets[row * nSteps + step] = this.at(t0 + (step + 1) * resolution);
      }
    }
    const shape = [batchSize, nSteps, 1];
    return [new NDArray('float32', shape, inputs), new NDArray('float32', shape, targets)];
  }
}

function checkCount(what: string, count: number, most: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${most}`;
  throw new RangeError(`TimeSeries.nextBatch: expected ${what} ${range}, got ${count}.`);
}
