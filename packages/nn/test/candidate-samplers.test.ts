import { reference } from '@tensorloom/backend-reference';
import { constant, resetDefaultGraph, setRandomSeed } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../testkit/golden/sampled-losses.json' with { type: 'json' };
import { expectExecutions } from './sampling.js';

beforeEach(() => resetDefaultGraph());

const samplers: Record<string, nn.CandidateSampler> = {
  logUniform: nn.logUniformCandidateSampler,
  uniform: nn.uniformCandidateSampler,
};

test.each(golden.samples)(
  "$sampler of $numSampled below $rangeMax, unique $unique: TensorFlow's samples and counts",
  (c) => {
    setRandomSeed(42);
    const labels = constant(c.trueClasses, { dtype: 'int32' });
    const drawn = samplers[c.sampler](labels, 1, c.numSampled, c.unique, c.rangeMax, { seed: c.seed });
    expectExecutions(drawn, c.executions);
  },
);

test('classes are as frequent as they should be', () => {
  const labels = constant([[0]], { dtype: 'int32' });
  const n = 20_000;
  const [log, even] = [nn.logUniformCandidateSampler, nn.uniformCandidateSampler].map(
    (s) => s(labels, 1, n, false, 6, { seed: 1 })[0],
  );
  const session = new Session({ backend: reference() });
  const [a, b] = session.runSync([log, even]).map(({ data }) => {
    const counts = new Array<number>(6).fill(0);
    data.forEach((k: number) => counts[k]++);
    return counts.map((c) => c / n);
  });
  session.close();
  a.forEach((p, k) => expect(p).toBeCloseTo(Math.log((k + 2) / (k + 1)) / Math.log(7), 1));
  b.forEach((p) => expect(p).toBeCloseTo(1 / 6, 1));
});

test('errors', () => {
  const labels = constant([[0], [1]], { dtype: 'int32' });
  expect(() => nn.logUniformCandidateSampler(labels, 2, 3, true, 10)).toThrow(
    /^logUniformCandidateSampler: expected true classes int32 \[batch, 2\], got int32\[2,1\]/,
  );
  expect(() => nn.uniformCandidateSampler(labels, 1, 11, true, 10)).toThrow(
    /there are no 11 different numbers below 10\. Draw fewer, or not unique ones/,
  );
  expect(() => nn.uniformCandidateSampler(labels, 1, 0, true, 10)).toThrow(
    /expected numSampled to be a positive integer, got 0/,
  );
});
