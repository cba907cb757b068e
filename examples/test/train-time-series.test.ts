import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NDArray } from 'tensorloom';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TimeSeriesProgram } from '../src/time-series-program.js';
import { trainTimeSeries } from '../src/train-time-series.js';

/** Learns nothing, but tells what a program does. */
const program: TimeSeriesProgram = async function* ({ iterations = 0, signal } = {}) {
  for (let iteration = 0; iteration < iterations && signal?.aborted !== true; iteration++) {
    const mse = iteration % 100 === 0 ? new NDArray('float32', [], Float32Array.of(0.5)) : undefined;
    yield { kind: 'iteration', iteration, mse };
  }
  yield { kind: 'prediction', yPred: new NDArray('float32', [1, 20, 1], new Float32Array(20)) };
};

describe('trainTimeSeries', () => {
  const start = process.cwd();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'examples-'));
    process.chdir(folder);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    process.chdir(start);
    await rm(folder, { recursive: true });
  });

  async function train(iterations: number, quiet: boolean, signal = new AbortController().signal) {
    const out: string[] = [];
    const err: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => out.push(line));
    vi.spyOn(console, 'error').mockImplementation((line: string) => err.push(line));
    const finished = await trainTimeSeries('noise', program, { iterations, backend: 'cpu', quiet }, {}, signal);
    return { finished, out, err, svg: await readFile(join('runs', 'noise.svg'), 'utf8') };
  }

  it('prints each MSE, then where the plot is', async () => {
    const { finished, out, err, svg } = await train(150, false);
    expect(finished).toBe(true);
    expect(out).toEqual(['0\tMSE: 0.5', '100\tMSE: 0.5', `Targets and predictions: ${join('runs', 'noise.svg')}`]);
    expect(err).toEqual(['150 iterations, backend cpu']);
    expect(svg).toContain('>noise, after 150 iterations</text>');
  });

  it('interrupted, says so, and plots what there is', async () => {
    const interruption = new AbortController();
    setImmediate(() => interruption.abort());
    const { finished, err, svg } = await train(1_000_000, true, interruption.signal);
    expect(finished).toBe(false);
    const [, done] = /^Interrupted after (\d+) of 1000000 iterations\.$/.exec(err[0]) ?? [];
    expect(Number(done)).toBeLessThan(1_000_000);
    expect(svg).toContain(`>noise, after ${done} iterations</text>`);
  });

  it('quiet, says nothing but results', async () => {
    expect((await train(1, true)).err).toEqual([]);
  });
});
