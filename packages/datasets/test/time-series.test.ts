import type { NDArray } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeSeries } from '../src/index.js';

/** Equal up to the last bits of a float32: sines of two libraries may differ in the last bit of a float64. */
function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value)));
}

const sum = ({ data }: NDArray<'float32'>): number => data.reduce((total, value) => total + value, 0);

// The numbers are NumPy's, from the chapter's `next_batch` after `np.random.seed`, its results cast to float32.
describe('TimeSeries', () => {
  it('is t sin(t) / 3 + 2 sin(5t)', () => {
    const series = new TimeSeries();
    expectClose(
      [0, 1, 12.2, 30].map((t) => series.at(t)),
      [0, -1.6373582210569781, -3.3890346211132227, -11.310069100186947],
    );
  });

  it('gives the batches of the chapter for seed 42, the default', () => {
    const series = new TimeSeries();
    const [inputs, targets] = series.nextBatch(2, 3);
    expect([inputs.dtype, targets.dtype]).toEqual(['float32', 'float32']);
    expect([inputs.shape, targets.shape]).toEqual([
      [2, 3, 1],
      [2, 3, 1],
    ]);
    expectClose(
      inputs.data,
      [
        -5.280080795288086, -4.476991653442383, -3.432095766067505, 0.7375778555870056, -1.1931023597717285,
        -2.9754886627197266,
      ],
    );
    expectClose(
      targets.data,
      [
        -4.476991653442383, -3.432095766067505, -2.38386607170105, -1.1931023597717285, -2.9754886627197266,
        -4.394718170166016,
      ],
    );

    const [more, moreTargets] = series.nextBatch(50, 20);
    expectClose(more.data.subarray(0, 3), [8.671751, 8.038168, 7.0229044]);
    expectClose(moreTargets.data.subarray(-3), [-9.737137, -9.817574, -9.34016]);
    expect(sum(more)).toBeCloseTo(-61.63328695, 3);
    expect(sum(moreTargets)).toBeCloseTo(-117.07169137, 3);
  });

  it('goes on as NumPy does: the tenth batch', () => {
    const series = new TimeSeries({ seed: 42 });
    const [inputs, targets] = Array.from({ length: 10 }, () => series.nextBatch(50, 20))[9];
    expectClose(inputs.data.subarray(0, 3), [3.490644693374634, 2.17067813873291, 0.5362457036972046]);
    expectClose(targets.data.subarray(-3), [-7.802061557769775, -9.132713317871094, -10.414318084716797]);
  });

  it('gives the batches of another seed', () => {
    const [inputs] = new TimeSeries({ seed: 7 }).nextBatch(2, 3);
    expectClose(
      inputs.data,
      [
        -1.3080689907073975, -0.7885063290596008, 0.04900376871228218, -6.299299716949463, -7.569800853729248,
        -8.729551315307617,
      ],
    );
  });

  it('has as targets the inputs one step later', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 0xffffffff }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 2, max: 300 }),
        (seed, batchSize, nSteps) => {
          const [inputs, targets] = new TimeSeries({ seed }).nextBatch(batchSize, nSteps);
          for (let row = 0; row < batchSize; row++) {
            const [start, end] = [row * nSteps, (row + 1) * nSteps];
            expect(inputs.data.subarray(start + 1, end)).toEqual(targets.data.subarray(start, end - 1));
          }
        },
      ),
    );
  });

  it('refuses what is not a count, windows longer than the series, and what is not a seed', () => {
    const series = new TimeSeries();
    for (const batchSize of [0, -1, 1.5, Number.NaN]) {
      expect(() => series.nextBatch(batchSize, 20)).toThrow(
        new RangeError(`TimeSeries.nextBatch: expected a batch size of at least 1, got ${batchSize}.`),
      );
    }
    for (const nSteps of [0, 2.5, 301]) {
      expect(() => series.nextBatch(50, nSteps)).toThrow(
        new RangeError(`TimeSeries.nextBatch: expected a number of steps from 1 to 300, got ${nSteps}.`),
      );
    }
    expect(() => new TimeSeries({ seed: -1 })).toThrow(RangeError);
  });
});
