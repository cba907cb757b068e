/** How often values fall between limits that grow by a tenth. TensorFlow: `HistogramProto`. */
export interface HistogramCounts {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  /** The upper ends of buckets; a bucket holds values from the end of the one before to before its own. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** From 1e-12 on each limit is 1.1 of the one before; they are the same below zero. TensorFlow: `histogram::Histogram`. */
const allLimits: readonly number[] = (() => {
  const positive: number[] = [];
  for (let limit = 1e-12; limit < 1e20; limit *= 1.1) positive.push(limit);
  positive.push(Number.MAX_VALUE);
  return [...positive.map((x) => -x).reverse(), 0, ...positive];
})();

/** The bucket of a finite value: the first whose limit is above it. The last one takes the largest number too, as nothing is above. */
function bucketOf(value: number): number {
  let [low, high] = [0, allLimits.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (allLimits[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The histogram of values, runs of empty buckets as one. Throws `RangeError` at NaN and infinities. */
export function countValues(values: ArrayLike<number>): HistogramCounts {
  const all = new Float64Array(allLimits.length);
  let [min, max, sum, sumSquares] = [Number.MAX_VALUE, -Number.MAX_VALUE, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      throw new RangeError(
        `element ${i} of ${values.length} is ${value}, expected finite numbers. Find out where it comes from: new Session({ checkNumerics: true }).`,
      );
    }
    all[bucketOf(value)]++;
    if (min > value) min = value;
    if (max < value) max = value;
    sum += value;
    sumSquares += value * value;
  }

  const limits: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < all.length; i++) {
    if (all[i] === 0) while (i + 1 < all.length && all[i + 1] === 0) i++;
    limits.push(allLimits[i]);
    counts.push(all[i]);
  }
  return { min, max, num: values.length, sum, sumSquares, limits, counts };
}
