import { constant, resetDefaultGraph, setRandomSeed, toInts } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const rows = 2000;
const shares = (softmaxTemperature?: number): number[] => {
  setRandomSeed(3);
  const helper = new seq2seq.SampleEmbeddingHelper(
    [[0], [1], [2]],
    Array.from({ length: rows }, () => 0),
    0,
    softmaxTemperature === undefined ? {} : { softmaxTemperature },
  );
  const logits = constant(Array.from({ length: rows }, () => [0.5, 0.3, 0.2].map(Math.log)));
  const ids = run(helper.sample(toInts(0, 'test'), logits)).data;
  return [0, 1, 2].map((id) => Array.from(ids).filter((i) => i === id).length / rows);
};

test('draws ids as likely as the softmax of the outputs says', () => {
  shares().forEach((share, id) => expect(share).toBeCloseTo([0.5, 0.3, 0.2][id], 1));
});

test('a low temperature makes the likeliest likelier', () => {
  // p^2 over their sum.
  shares(0.5).forEach((share, id) => expect(share).toBeCloseTo([0.25, 0.09, 0.04][id] / 0.38, 1));
  expect(shares(0.01)).toEqual([1, 0, 0]);
});

test('equal seeds draw alike, and steps differ', () => {
  const drawn = () => {
    resetDefaultGraph();
    const start = Array.from({ length: 50 }, () => 0);
    const helper = new seq2seq.SampleEmbeddingHelper([[1], [1]], start, 5, { seed: 4 });
    const cell = {
      call: (input: ReturnType<typeof constant>, state: ReturnType<typeof constant>) =>
        [input.mul([[1, 1]]), state] as const,
    };
    const decoder = new seq2seq.BasicDecoder(cell, helper, constant(0));
    const [{ sampleId }] = seq2seq.dynamicDecode(decoder, { maximumIterations: 2, outputTimeMajor: true });
    return run(sampleId).toArray();
  };
  const first = drawn();
  expect(drawn()).toEqual(first);
  if (!Array.isArray(first)) throw new Error('expected steps');
  expect(first[0]).not.toEqual(first[1]);
});
