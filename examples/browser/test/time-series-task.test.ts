import { cpu } from '@tensorloom/backend-cpu';
import { describe, expect, it } from 'vitest';
import golden from '../../../packages/testkit/golden/time-series.json' with { type: 'json' };
import { prepareTimeSeries } from '../src/time-series-task.js';

describe('prepareTimeSeries', () => {
  it('trains the chapter’s predictor, as TensorFlow does', async () => {
    const backend = await cpu();
    const task = await prepareTimeSeries(backend);
    expect(task.totalSteps).toBe(1500);
    const losses: number[] = [];
    for (let step = 0; step <= 100; step++) losses.push((await task.step()).loss);
    // What is fetched beside a training step is of before it; TensorFlow's printed values are of after.
    expect(Math.abs(losses[100] / golden.outputProjectionWrapper.mse[1] - 1)).toBeLessThan(0.25);
    const evaluation = await task.evaluate();
    expect(evaluation.task === 'time-series' && evaluation.prediction).toHaveLength(20);
    expect(await task.outputs()).toHaveLength(1000);
    await expect(task.classify(new Float32Array(784))).rejects.toThrow('Train the one for digits.');
    expect(() => task.example()).toThrow('Train the one for digits.');
    await task.close();
    expect(backend.stats().handles).toBe(0);
  });
});
