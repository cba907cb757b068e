import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import { constant, placeholder, resetDefaultGraph, setRandomSeed } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../testkit/golden/sampled-losses.json' with { type: 'json' };
import { expectExecutions } from './sampling.js';

const { learnedUnigramCandidateSampler } = nn;

beforeEach(() => resetDefaultGraph());

test.each(golden.learnedUnigram)("TensorFlow's samples and counts below $rangeMax, unique $unique", (c) => {
  setRandomSeed(42);
  const numTrue = c.batches[0][0].length;
  const labels = placeholder('int32', [null, numTrue]);
  const drawn = learnedUnigramCandidateSampler(labels, numTrue, c.numSampled, c.unique, c.rangeMax, { seed: c.seed });
  const feeds = (k: number) => [[labels, c.batches[k]]] as const;
  expectExecutions(drawn, c.executions, feeds);
  // Another session counts from nothing.
  expectExecutions(drawn, c.executions, feeds);
});

test('what was a true class often is drawn often', () => {
  const labels = placeholder('int32', [null, 1]);
  const drawn = learnedUnigramCandidateSampler(labels, 1, 2000, false, 10, { seed: 1 });
  const session = new Session({ backend: reference() });
  const shares = (): number[] => {
    const { data } = session.runSync(drawn[0], [[labels, Array.from({ length: 40 }, () => [6])]]);
    return [6, 2].map((k) => data.filter((drawnClass: number) => drawnClass === k).length / data.length);
  };
  const [before, after] = [shares(), shares()];
  session.close();
  before.forEach((share) => expect(Math.abs(share - 0.1)).toBeLessThan(0.03));
  [41 / 50, 1 / 50].forEach((share, i) => expect(Math.abs(after[i] - share)).toBeLessThan(0.03));
});

test('a training step counts its true classes once, with the loss and its gradients', () => {
  const labels = [[2], [8]];
  const [weights, biases] = [golden.weights, golden.biases].map((x) => constant(x));
  const sampledValues = learnedUnigramCandidateSampler(labels, 1, 4, false, golden.biases.length, { seed: 1 });
  const loss = nn.nceLoss({
    ...{ weights, biases, labels, sampledValues },
    ...{ inputs: golden.inputs, numSampled: 4, numClasses: golden.biases.length },
  });
  const found = gradients(loss, [weights, biases]).map((g) => g ?? expect.fail('a gradient is missing'));
  const session = new Session({ backend: reference() });
  for (const [seen, all] of [
    [1, 9],
    [2, 11],
    [3, 13],
  ]) {
    const [expected] = session.runSync([sampledValues[1], loss, ...found]);
    expect(expected.get(0, 0)).toBeCloseTo((4 * seen) / all, 6);
  }
  session.close();
});

test('errors', () => {
  expect(() => learnedUnigramCandidateSampler([[0]], 2, 3, true, 10)).toThrow(
    /^learnedUnigramCandidateSampler: expected true classes int32 \[batch, 2\], got int32\[1,1\]/,
  );
  expect(() => learnedUnigramCandidateSampler([[0]], 1, 11, true, 10)).toThrow(
    /there are no 11 different numbers below 10/,
  );
  const drawn = learnedUnigramCandidateSampler([[10]], 1, 2, true, 10);
  const session = new Session({ backend: reference() });
  expect(() => session.runSync(drawn)).toThrow(/class 10 is out of range, expected 0 to 9/);
  session.close();
});
