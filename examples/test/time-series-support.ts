import { TimeSeries } from '@tensorloom/datasets';
import { expect, it } from 'vitest';
import { openBackend } from '../src/backends.js';
import { tInstance, type TimeSeriesOptions, type TimeSeriesProgram } from '../src/time-series-program.js';

/** What a program tells: how many iterations it made, the MSE of every 100th, and its predictions. */
export async function results(program: TimeSeriesProgram, options: TimeSeriesOptions) {
  const mse: number[] = [];
  let iterations = 0;
  let yPred = new Float32Array();
  for await (const event of program(options)) {
    if (event.kind === 'prediction') {
      expect([event.yPred.dtype, event.yPred.shape]).toEqual(['float32', [1, 20, 1]]);
      yPred = Float32Array.from(event.yPred.data);
    } else {
      expect(event.iteration).toBe(iterations++);
      if (event.mse !== undefined) mse.push(event.mse.item());
    }
  }
  return { iterations, mse, yPred };
}

/** What is known of a program's MSE: `printed` in the book, at some iterations, and TensorFlow's at every 100th, `golden`. */
export interface KnownMse {
  readonly printed: readonly (readonly [iteration: number, mse: number])[];
  readonly golden: readonly number[];
}

/** The tests of a program that learns to predict the chapter's time series. */
export function testTimeSeries(program: TimeSeriesProgram, { printed, golden }: KnownMse): void {
  it('learns as in the book', { timeout: 120_000 }, async () => {
    const { iterations, mse, yPred } = await results(program, {});
    expect(iterations).toBe(1500);
    expect(mse).toHaveLength(15);

    expect(Math.abs(mse[0] - printed[0][1])).toBeLessThan(1e-4);
    // Later on rounding tells, and sums in another order: runs of TensorFlow itself are up to 6 % apart.
    for (const [iteration, value] of [...printed, ...golden.map((value, i) => [100 * i, value] as const)]) {
      expect(Math.abs(mse[iteration / 100] / value - 1), `MSE ${value} at ${iteration}`).toBeLessThan(0.1);
    }
    for (const last of mse.slice(-5)) expect(last).toBeLessThan(0.06);

    const series = new TimeSeries();
    const errors = Array.from(yPred, (y, i) => Math.abs(y - series.at(tInstance[i + 1])));
    // The first predictions have little to go by.
    expect(Math.max(...errors.slice(3))).toBeLessThan(0.3);
  });

  it('ends its training after the iteration in which it is interrupted, and predicts with what it has learned', async () => {
    const interruption = new AbortController();
    const kinds: string[] = [];
    for await (const event of program({ signal: interruption.signal })) {
      kinds.push(event.kind);
      if (kinds.length === 2) interruption.abort();
    }
    expect(kinds).toEqual(['iteration', 'iteration', 'prediction']);
  });

  it('predicts the same on the reference backend', async () => {
    const expected = await results(program, { iterations: 2, session: await openBackend('reference') });
    const actual = await results(program, { iterations: 2 });
    expect(actual.yPred).toHaveLength(20);
    actual.yPred.forEach((y, i) => expect(Math.abs(y - expected.yPred[i])).toBeLessThan(1e-5));
  });
}
