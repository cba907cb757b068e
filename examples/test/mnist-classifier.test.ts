import { loadMnist, type Mnist } from '@tensorloom/datasets';
import { describe, expect, it } from 'vitest';
import { stepsPerEpoch, trainMnistClassifier, type TrainingEvent } from '../src/mnist-classifier.js';

const seed = 42;

async function eventsOf(mnist: Mnist, epochs: number): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of trainMnistClassifier(mnist, { epochs, seed })) events.push(event);
  return events;
}

describe('trainMnistClassifier', () => {
  it('learns: from a guess among ten digits to most of the test images in 40 steps', async () => {
    const mnist = await loadMnist({ limit: 6000, seed });
    expect(stepsPerEpoch(mnist.train)).toBe(40);
    const events = await eventsOf(mnist, 1);
    const [first] = events;
    const last = events.at(-1);
    if (first.kind !== 'step' || last?.kind !== 'epoch') throw new Error('steps come first, the epoch last');
    expect(Math.abs(first.loss - Math.log(10))).toBeLessThan(0.4);
    expect(last.trainAccuracy).toBeGreaterThan(0.6);
    expect(last.testAccuracy).toBeGreaterThan(0.6);
  });

  it('tells of each step, then of the epoch, the same for the same seed', async () => {
    const train = async (): Promise<TrainingEvent[]> => eventsOf(await loadMnist({ limit: 300, seed }), 2);
    const events = await train();
    expect(events.map((event) => (event.kind === 'checkpoint' ? event.kind : `${event.kind} ${event.epoch}`))).toEqual([
      'step 0',
      'step 0',
      'epoch 0',
      'step 1',
      'step 1',
      'epoch 1',
    ]);
    expect(await train()).toEqual(events);
  });

  it('makes one batch of fewer images than a batch holds', async () => {
    const mnist = await loadMnist({ limit: 10, seed });
    expect(stepsPerEpoch(mnist.train)).toBe(1);
    const [step] = await eventsOf(mnist, 1);
    expect(step).toMatchObject({ kind: 'step', epoch: 0, step: 0 });
  });
});
