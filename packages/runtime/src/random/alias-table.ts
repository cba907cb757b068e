import type { TypedArray } from '@tensorloom/graph';
import { uniform32 } from './distributions.js';
import type { Words } from './words.js';

/**
 * Draws indices with given weights, each in constant time (Walker 1977). Each index has a column of height 1, the mean weight: it fills
 * the column as far as its weight goes, and one other index, its alias, fills the rest (TF `DistributionSampler`).
 */
export class AliasTable {
  /** How many weights are not 0. */
  readonly size: number;
  readonly #weights: Float32Array;
  /** How far each index fills its own column. */
  readonly #own: Float32Array;
  readonly #alias: Int32Array;

  /** Throws when a weight is negative or not finite, and when all are 0. */
  constructor(weights: ArrayLike<number>) {
    this.#weights = Float32Array.from(weights);
    const n = this.#weights.length;
    const total = this.#weights.reduce((sum, w) => sum + w, 0);
    if (!(total > 0) || total === Infinity || this.#weights.some((w) => w < 0)) {
      throw new RangeError(
        'candidates: expected weights that are finite and not negative, at least one above 0, got others.',
      );
    }
    this.size = this.#weights.filter((w) => w > 0).length;
    this.#alias = Int32Array.from({ length: n }, (_, i) => i);
    const heights = Float64Array.from(this.#weights, (w) => Math.fround(w * n) / total);
    const [short, tall]: [number[], number[]] = [[], []];
    heights.forEach((height, i) => (height < 1 ? short : tall).push(i));
    while (short.length > 0 && tall.length > 0) {
      const [low, high] = [short[short.length - 1], tall[tall.length - 1]];
      short.pop();
      tall.pop();
      this.#alias[low] = high;
      heights[high] -= 1 - heights[low];
      (heights[high] < 1 ? short : tall).push(high);
    }
    // What rounding leaves over are whole columns.
    for (const i of [...short, ...tall]) heights[i] = 1;
    this.#own = Float32Array.from(heights);
  }

  /** Whether these are the weights of the table. */
  isOf(weights: TypedArray): boolean {
    return weights.length === this.#weights.length && this.#weights.every((w, i) => w === weights[i]);
  }

  draw(words: Words): number {
    const height = uniform32(words.next());
    const column = words.below(this.#own.length);
    return height < this.#own[column] ? column : this.#alias[column];
  }
}
