import { TimeSeries } from '@tensorloom/datasets';
import { tInstance } from '@tensorloom/examples/time-series-program';

/** Points of the series from one of its steps to the next. */
const fineness = 5;

/** The mean of each value and those before it, `count` in all where there are so many; `null` where there is no value. */
export function movingMean(values: readonly (number | null)[], count: number): (number | null)[] {
  let sum = 0;
  return values.map((value, i) => {
    sum += (value ?? 0) - (i < count ? 0 : (values[i - count] ?? 0));
    return value === null ? null : sum / Math.min(i + 1, count);
  });
}

/** Times, the series at these times, and what is predicted of it at some of them. */
export function predictionCurves(prediction: Float32Array | undefined): [number[], number[], (number | null)[]] {
  const series = new TimeSeries();
  const step = tInstance[1] - tInstance[0];
  const times = Array.from(
    { length: (tInstance.length - 1) * fineness + 1 },
    (_, i) => tInstance[0] + (i * step) / fineness,
  );
  // The first prediction is of the second time.
  const predicted = times.map((_, i) =>
    prediction !== undefined && i > 0 && i % fineness === 0 ? prediction[i / fineness - 1] : null,
  );
  return [times, times.map((t) => series.at(t)), predicted];
}
