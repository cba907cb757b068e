import { reference } from '@tensorloom/backend-reference';
import { constant, resetDefaultGraph, setRandomSeed } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../testkit/golden/sampled-losses.json' with { type: 'json' };
import { expectExecutions } from './sampling.js';

const { fixedUnigramCandidateSampler } = nn;

beforeEach(() => resetDefaultGraph());

test.each(golden.fixedUnigram)("TensorFlow's samples and counts: $options, unique $unique (%#)", (c) => {
  setRandomSeed(42);
  const { unigrams, seed, options } = c;
  const [numTrue] = c.trueClasses.map((row) => row.length);
  const drawn = fixedUnigramCandidateSampler(c.trueClasses, numTrue, c.numSampled, c.unique, c.rangeMax, {
    unigrams,
    seed,
    ...options,
  });
  expectExecutions(drawn, c.executions);
});

test.each(['nceLoss', 'sampledSoftmaxLoss'] as const)("TensorFlow's %s of these candidates", (name) => {
  setRandomSeed(42);
  const { labels, losses, ...options } = golden.unigramLosses[name];
  const [numTrue, numClasses] = [labels[0].length, golden.biases.length];
  const { weights, biases, inputs } = golden;
  const loss = nn[name]({
    ...{ weights, biases, inputs, labels, numTrue, numSampled: 4, numClasses },
    sampledValues: fixedUnigramCandidateSampler(labels, numTrue, 4, true, numClasses, options),
  });
  const session = new Session({ backend: reference() });
  const { data } = session.runSync(loss);
  session.close();
  losses.forEach((v, i) => expect(data[i]).toBeCloseTo(v, 5));
});

test('classes are as frequent as they should be; those without weight are not drawn', () => {
  const n = 20_000;
  const unigrams = [3, 0, 1, 16];
  const options = { unigrams, distortion: 0.5, numReservedIds: 1, seed: 2 };
  const [drawn] = fixedUnigramCandidateSampler([[0]], 1, n, false, 5, options);
  const session = new Session({ backend: reference() });
  const counts = new Array<number>(5).fill(0);
  session.runSync(drawn).data.forEach((k: number) => counts[k]++);
  session.close();
  const total = Math.sqrt(3) + 1 + 4;
  [0, Math.sqrt(3), 0, 1, 4].forEach((w, k) => expect(counts[k] / n).toBeCloseTo(w / total, 1.5));
  expect([counts[0], counts[2]]).toEqual([0, 0]);
});

test('a true class out of range fails the run', () => {
  const drawn = fixedUnigramCandidateSampler([[3]], 1, 2, false, 3, { unigrams: [1, 1, 1] });
  const session = new Session({ backend: reference() });
  expect(() => session.runSync(drawn)).toThrow(/3/);
  session.close();
});

test('errors', () => {
  const labels = constant([[0], [1]], { dtype: 'int32' });
  const sample = (options: nn.FixedUnigramOptions, numSampled = 2, unique = true) =>
    fixedUnigramCandidateSampler(labels, 1, numSampled, unique, 3, options);
  expect(() => sample({ unigrams: [1, 2] })).toThrow(
    /^fixedUnigramCandidateSampler: expected a weight for each of the 3 classes, got 2/,
  );
  expect(() => sample({ unigrams: [1, 0, 0] })).toThrow(
    /there are no 2 different classes to draw, only 1 have a weight/,
  );
  expect(() => sample({ unigrams: [1, -1, 0] })).toThrow(/expected unigrams that are finite and not negative/);
  expect(() => sample({ unigrams: [0, 0, 0] })).toThrow(/at least one above 0/);
  expect(() => sample({ unigrams: [1, NaN, 0] })).toThrow(/expected unigrams that are finite/);
  expect(() => sample({ unigrams: [1, 1, 1], distortion: Infinity })).toThrow(/expected a finite distortion/);
  expect(() => sample({ unigrams: [1, 1], numReservedIds: -1 })).toThrow(/expected numReservedIds as an integer/);
  expect(() => sample({ unigrams: [1, 1, 1], numShards: 0 })).toThrow(/expected numShards to be a positive integer/);
  expect(() => sample({ unigrams: [1, 1, 1], numShards: 2, shard: 2 })).toThrow(/expected a shard from 0 to 1, got 2/);
  expect(() => sample({ unigrams: [1, 1, 1] }, 0)).toThrow(/expected numSampled to be a positive integer/);
});
