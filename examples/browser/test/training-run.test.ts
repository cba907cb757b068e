import { describe, expect, it, onTestFinished } from 'vitest';
import { type RunState, TrainingRun } from '../src/training-run.js';

// Without workers of the web, trainers work on this thread: the same code in slices.

/** A training that ends with its test, and every state it has been in. */
function newRun() {
  const run = new TrainingRun();
  const states: RunState[] = [];
  let wake: () => void = () => undefined;
  run.onChange = () => {
    if (states.at(-1) !== run.state) states.push(run.state);
    wake();
  };
  const until = async (reached: () => boolean): Promise<void> => {
    while (!reached()) await new Promise<void>((resolve) => (wake = resolve));
  };
  onTestFinished(async () => {
    run.stop();
    await until(() => !run.busy);
  });
  return { run, states, until };
}

describe('TrainingRun', () => {
  it('trains, pauses, goes on where it was, and stops', async () => {
    const { run, states, until } = newRun();
    await run.start('cpu', 'time-series', 'nowhere:');
    expect([run.state, run.place, run.totalSteps]).toEqual(['training', 'page', 1500]);
    expect(run.description).toMatch(/WebAssembly/);
    await until(() => run.history.steps.length >= 30);
    run.pause();
    await until(() => run.state === 'paused');
    const { steps, losses } = run.history;
    const paused = steps.length;
    expect(steps).toEqual(Array.from({ length: paused }, (_, i) => i + 1));
    expect(losses[0]).toBeGreaterThan(10);
    expect(losses[paused - 1]).toBeLessThan(5);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(steps).toHaveLength(paused);

    run.resume();
    await until(() => steps.length > paused);
    run.stop();
    expect(run.busy).toBe(true);
    await until(() => run.state === 'stopped');
    expect(states).toEqual([
      'starting',
      'training',
      'pausing',
      'paused',
      'training',
      'stopping',
      'stopped',
    ] satisfies RunState[]);
    expect(run.history.prediction).toHaveLength(20);
    expect(await run.weights('time-series')).toHaveLength(4);
    expect(await run.weights('mnist')).toBeUndefined();
    expect(run.knowsDigits).toBe(false);
  });

  it('begins anew with a new network', async () => {
    const { run, until } = newRun();
    await run.start('cpu', 'time-series', 'nowhere:');
    await until(() => run.history.steps.length >= 5);
    const { losses } = run.history;
    run.stop();
    await until(() => !run.busy);
    await run.start('cpu', 'time-series', 'nowhere:');
    expect(run.history.losses).not.toBe(losses);
    await until(() => run.history.steps.length >= 5);
    expect(run.history.losses.slice(0, 5)).toEqual(losses.slice(0, 5));
  });

  it('can be stopped before it has begun', async () => {
    const { run, states } = newRun();
    const started = run.start('cpu', 'time-series', 'nowhere:');
    run.stop();
    await started;
    expect(states).toEqual(['starting', 'stopped']);
    expect(run.history.steps).toEqual([]);
  });

  it('fails with the reason when a backend does not run here, or the data is not there', async () => {
    const { run } = newRun();
    await run.start('gpujs-webgl2', 'time-series', 'nowhere:');
    expect([run.state, run.busy]).toEqual(['failed', false]);
    expect(run.description).toMatch(/webgl2/);
    await run.start('cpu', 'mnist', 'nowhere:');
    expect(run.state).toBe('failed');
    expect(run.description).not.toBe('');
  });
});
