import { gradients } from '@tensorloom/autodiff';
import { constant, placeholder, resetDefaultGraph, sigmoid } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { beforeEach, expect, test } from 'vitest';
import { checkSmooth, run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('gradients, orders 1 and 2', () => {
  checkSmooth(
    [
      [2, 3],
      [2, 3],
    ],
    ([logits, labels]) => nn.sigmoidCrossEntropyWithLogits({ logits, labels }),
  );
  checkSmooth(
    [
      [2, 3],
      [2, 3],
    ],
    ([logits, labels]) => nn.weightedCrossEntropyWithLogits({ logits, targets: labels, posWeight: 3 }),
  );
});

test('at 0 the gradients are those of a smooth function', () => {
  const logits = constant([0, 0]);
  const labels = constant([0, 1]);
  const plain = gradients(nn.sigmoidCrossEntropyWithLogits({ labels, logits }), [logits]);
  const weighted = gradients(nn.weightedCrossEntropyWithLogits({ labels, logits, posWeight: 4 }), [logits]);
  expect(run([...plain, ...weighted].filter((g) => g !== null))).toEqual([
    [0.5, -0.5],
    [0.5, -2],
  ]);
});

test('is -z log p - (1 - z) log(1 - p), and finite where that is not', () => {
  const logits = constant([-3, 0.5, 2]);
  const p = sigmoid(logits);
  const [loss, naive] = run([
    nn.sigmoidCrossEntropyWithLogits({ labels: [0, 1, 0.25], logits }),
    p
      .log()
      .mul([0, 1, 0.25])
      .add(p.neg().add(1).log().mul([1, 0, 0.75]))
      .neg(),
  ]);
  loss.forEach((v, i) => expect(v).toBeCloseTo(naive[i], 5));
  expect(run([nn.sigmoidCrossEntropyWithLogits({ labels: [1, 0], logits: [-500, 500] })])).toEqual([[500, 500]]);
});

test('errors', () => {
  expect(() =>
    nn.sigmoidCrossEntropyWithLogits({ labels: placeholder('float32', [2]), logits: placeholder('float32', [3]) }),
  ).toThrow(
    /^sigmoidCrossEntropyWithLogits: expected floating labels and logits of one dtype and shape, got float32\[2\] and float32\[3\]/,
  );
  expect(() => nn.weightedCrossEntropyWithLogits({ logits: [1], posWeight: 2 })).toThrow(/expected labels, got none/);
});
