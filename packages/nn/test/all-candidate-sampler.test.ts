import { placeholder, resetDefaultGraph, slice } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { reference } from '@tensorloom/backend-reference';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../testkit/golden/sampled-losses.json' with { type: 'json' };
import { run } from './sampling.js';

beforeEach(() => resetDefaultGraph());

test('all classes, each once', () => {
  const labels = placeholder('int32', [null, 1]);
  expect(run(nn.allCandidateSampler(labels, 1, 4, true), [[labels, [[3], [0]]]])).toEqual([
    [0, 1, 2, 3],
    [[1], [1]],
    [1, 1, 1, 1],
  ]);
});

test('with it, the sampled softmax is the softmax', () => {
  const { weights, biases, inputs } = golden;
  const numClasses = biases.length;
  const labels = [[2], [8]];
  const sampled = nn.sampledSoftmaxLoss({
    ...{ weights, biases, inputs, labels, numClasses, numSampled: numClasses },
    sampledValues: nn.allCandidateSampler(labels, 1, numClasses, true),
  });
  const logits = slice(inputs, [0, 0], [-1, -1]).matmul(weights, { transposeB: true }).biasAdd(biases);
  const whole = nn.sparseSoftmaxCrossEntropyWithLogits({ logits, labels: labels.flat() });
  const session = new Session({ backend: reference() });
  const [a, b] = session.runSync([sampled, whole]);
  session.close();
  b.data.forEach((v, i) => expect(a.data[i]).toBeCloseTo(v, 5));
});

test('errors', () => {
  expect(() => nn.allCandidateSampler([0], 1, 4, true)).toThrow(/^allCandidateSampler: expected true classes int32/);
  expect(() => nn.allCandidateSampler([[0]], 1, 0, true)).toThrow(/expected numSampled to be a positive integer/);
});
