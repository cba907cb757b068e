import { cpu } from '@tensorloom/backend-cpu';
import { type Batch, Dataset, loadMnist, type Mnist } from '@tensorloom/datasets';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareMnist } from '../src/mnist-task.js';

describe('prepareMnist', () => {
  let mnist: Mnist;
  beforeAll(async () => {
    const { train, validation, test } = await loadMnist({ limit: 600, seed: 42 });
    const [first]: Batch[] = [...test.batches(300)];
    mnist = { train, validation, test: new Dataset(...first, { seed: 42 }) };
  });

  it('trains the classifier, evaluates and asks it', async () => {
    const backend = await cpu();
    const task = await prepareMnist(backend, mnist);
    expect([task.totalSteps, task.stepsPerEvaluation]).toEqual([40, 1]);

    const { loss, accuracy } = await task.step();
    expect(Math.abs(loss - Math.log(10))).toBeLessThan(0.4);
    expect(accuracy).toBeLessThan(0.5);
    const outputs = await task.outputs();
    expect(outputs).toHaveLength(1500);
    expect(await task.outputs()).toEqual(outputs);
    for (let step = 1; step < 20; step++) await task.step();
    const evaluation = await task.evaluate();
    expect(evaluation.task === 'mnist' && evaluation.testAccuracy).toBeGreaterThan(0.4);

    const { pixels, label } = task.example();
    expect([pixels.length, label]).toEqual([784, 7]);
    expect(task.example().label).toBe(2);
    const probabilities = await task.classify(pixels);
    expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 5);
    expect(probabilities.indexOf(Math.max(...probabilities))).toBe(7);

    await task.close();
    expect(backend.stats().handles).toBe(0);
  });

  it('goes on the same way from the same weights', async () => {
    const backend = await cpu();
    const task = await prepareMnist(backend, mnist);
    await task.step();
    const weights = await task.readWeights();
    const outputs = await task.outputs();
    await task.close();
    const other = await prepareMnist(backend, mnist);
    expect(await other.outputs()).not.toEqual(outputs);
    await other.writeWeights(weights);
    expect(await other.outputs()).toEqual(outputs);
    await other.close();
  });
});
