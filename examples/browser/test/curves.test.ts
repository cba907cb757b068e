import { TimeSeries } from '@tensorloom/datasets';
import { tInstance } from '@tensorloom/examples/time-series-program';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movingMean, predictionCurves } from '../src/curves.js';

describe('movingMean', () => {
  it('is the mean of the last values, fewer at the beginning', () => {
    expect(movingMean([2, 4, 6, 8], 2)).toEqual([2, 3, 5, 7]);
    const values = fc.array(fc.double({ min: -100, max: 100, noNaN: true }));
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), (given, count) => {
        movingMean(given, count).forEach((mean, i) => {
          const last = given.slice(Math.max(0, i + 1 - count), i + 1);
          expect(mean).toBeCloseTo(last.reduce((sum, value) => sum + value, 0) / last.length, 6);
        });
      }),
    );
  });

  it('is missing where nothing was measured', () => {
    expect(movingMean([null, null], 2)).toEqual([null, null]);
  });
});

describe('predictionCurves', () => {
  it('has each prediction at the time it is of, one step after what it was made from', () => {
    const prediction = Float32Array.from({ length: 20 }, (_, i) => i);
    const [times, series, predicted] = predictionCurves(prediction);
    const at = predicted.flatMap((value, i) => (value === null ? [] : [{ value, time: times[i], truth: series[i] }]));
    expect(at.map(({ value }) => value)).toEqual([...prediction]);
    at.forEach(({ time, truth }, i) => {
      expect(time).toBeCloseTo(tInstance[i + 1], 10);
      expect(truth).toBeCloseTo(new TimeSeries().at(tInstance[i + 1]), 10);
    });
    expect(times[0]).toBe(tInstance[0]);
  });

  it('shows the series alone before there is a prediction', () => {
    const [times, series, predicted] = predictionCurves(undefined);
    expect(series).toHaveLength(times.length);
    expect(predicted.every((value) => value === null)).toBe(true);
  });
});
