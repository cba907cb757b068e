import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { SessionOptions } from 'tensorloom';
import type { JobOptions } from './jobs.js';
import { plotTimeSeries } from './plot-time-series.js';
import { progressBar } from './progress.js';
import type { TimeSeriesProgram } from './time-series-program.js';

const defaultIterations = 1500;

/** Runs a time-series program, tells how it goes, saves a plot. Returns whether training came to its end before `signal`. */
export async function trainTimeSeries(
  name: string,
  program: TimeSeriesProgram,
  { iterations = defaultIterations, backend, quiet }: Pick<JobOptions, 'iterations' | 'backend' | 'quiet'>,
  session: SessionOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const plotFile = join('runs', `${name}.svg`);
  const progress = progressBar(!quiet && process.stderr.isTTY);
  if (!quiet) console.error(`${iterations} iterations, backend ${backend}`);
  let done = 0;
  let loss = Number.NaN;

  try {
    progress.start('training', iterations);
    for await (const event of program({ iterations, session, signal })) {
      if (event.kind === 'iteration') {
        done++;
        if (event.mse !== undefined) {
          loss = event.mse.item();
          progress.print(`${event.iteration}\tMSE: ${event.mse.toString()}`);
        }
        progress.step(loss);
        // A backend may never wait for anything outside the program: let the signal be seen.
        await setImmediate();
      } else {
        progress.stop();
        if (done < iterations) console.error(`Interrupted after ${done} of ${iterations} iterations.`);
        await mkdir(dirname(plotFile), { recursive: true });
        await writeFile(plotFile, plotTimeSeries(`${name}, after ${done} iterations`, event.yPred.data));
        console.log(`Targets and predictions: ${plotFile}`);
      }
    }
  } finally {
    progress.stop();
  }
  return done === iterations;
}
