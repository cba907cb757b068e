import * as tl from 'tensorloom';
import { describe, expect, it } from 'vitest';
import { noiseContrastiveLoss } from '../src/noise-contrastive-loss.js';

const sigmoidCrossEntropy = (logit: number, label: number): number =>
  Math.log1p(Math.exp(label === 1 ? -logit : logit));

describe('noiseContrastiveLoss', () => {
  it('draws as P says: with zero weights its mean is known', async () => {
    const numClasses = 5;
    const numSampled = 40_000;
    const p = Array.from({ length: numClasses }, (_, k) => Math.log((k + 2) / (k + 1)) / Math.log(numClasses + 1));
    expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    tl.resetDefaultGraph();
    const loss = noiseContrastiveLoss({
      weights: tl.variable(tl.zeros([numClasses, 2])),
      biases: tl.variable([0.1, -0.2, 0.3, 0, 0.5]),
      labels: tl.constant([[2]], { dtype: 'int32' }),
      inputs: tl.constant([[1, 2]]),
      numSampled,
      numClasses,
      seed: 3,
    });
    await using sess = new tl.Session();
    await sess.run(tl.globalVariablesInitializer());
    const logits = [0.1, -0.2, 0.3, 0, 0.5].map((bias, k) => bias - Math.log(numSampled * p[k]));
    const expected =
      sigmoidCrossEntropy(logits[2], 1) +
      numSampled * logits.reduce((sum, logit, k) => sum + p[k] * sigmoidCrossEntropy(logit, 0), 0);
    const [actual] = (await sess.run(loss)).data;
    expect(Math.abs(actual - expected)).toBeLessThan(0.1);
  });

  it('falls when a row is nearer to its label', async () => {
    tl.resetDefaultGraph();
    const inputs = tl.constant([
      [1, 0],
      [-1, 0],
    ]);
    const loss = noiseContrastiveLoss({
      weights: tl.variable([
        [0, 1],
        [0, -1],
        [4, 0],
      ]),
      biases: tl.variable(tl.zeros([3])),
      labels: tl.constant([[2], [2]], { dtype: 'int32' }),
      inputs,
      numSampled: 1,
      numClasses: 3,
      seed: 1,
    });
    await using sess = new tl.Session();
    await sess.run(tl.globalVariablesInitializer());
    const values = await sess.run(loss);
    expect(values.shape).toEqual([2]);
    const [gradient] = tl.gradients(loss, inputs);
    expect(gradient?.shape).toEqual([2, 2]);
    expect(values.get(0)).toBeLessThan(values.get(1));
  });
});
