import { type Tensor, constant, placeholder, resetDefaultGraph, setRandomSeed } from '@tensorloom/graph';
import { BasicLSTMCell, seq2seq } from '@tensorloom/rnn';
import { beforeEach, describe, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const batch = 40;
const steps = 3;
const inputs = Array.from({ length: batch }, () => Array.from({ length: steps }, () => [0, 0, 0, 1]));
const table = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
];
/** A cell that writes what it reads, and always likes id 1 best. */
const cell = { call: (x: Tensor, state: Tensor) => [x.add([0, 30, 0, 0]).slice([0, 0], [-1, 3]), state] as const };

function decoded(probability: number | Tensor): { ids: number[]; read: number[] } {
  setRandomSeed(2);
  const lengths = Array.from({ length: batch }, () => steps);
  const helper = new seq2seq.ScheduledEmbeddingTrainingHelper(inputs, lengths, constant(table), probability, {
    seed: 5,
    schedulingSeed: 6,
  });
  const decoder = new seq2seq.BasicDecoder(cell, helper, constant(0));
  const [{ rnnOutput, sampleId }] = seq2seq.dynamicDecode(decoder);
  const got = run({ rnnOutput, sampleId });
  const read = Array.from({ length: batch * steps }, (_, i) => got.rnnOutput.get(Math.floor(i / steps), i % steps, 1));
  return { ids: Array.from(got.sampleId.data), read };
}

describe('the sampling probability', () => {
  test('0 reads the inputs', () => {
    const { ids, read } = decoded(0);
    expect(new Set(ids)).toEqual(new Set([-1]));
    expect(new Set(read)).toEqual(new Set([30]));
  });

  test('1 reads the embedding of what was drawn', () => {
    const { ids, read } = decoded(1);
    expect(new Set(ids)).toEqual(new Set([1]));
    read.forEach((x, i) => expect(x).toBe(i % steps === 0 ? 30 : 31));
  });

  test('between, reads it in the rows that were drawn, and in others the inputs', () => {
    const { ids, read } = decoded(0.5);
    expect(new Set(ids)).toEqual(new Set([-1, 1]));
    const share = ids.filter((id) => id === 1).length / ids.length;
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.65);
    read.forEach((x, i) => {
      if (i % steps > 0) expect(x).toBe(ids[i - 1] === 1 ? 31 : 30);
    });
  });

  test('may be fed, one for each row', () => {
    const rates = Array.from({ length: batch }, (_, row) => row % 2);
    const { ids } = decoded(constant(rates));
    ids.forEach((id, i) => expect(id).toBe(rates[Math.floor(i / steps)] === 1 ? 1 : -1));
  });
});

test('trains a cell, and says what is wrong with the probability', () => {
  const lstm = new BasicLSTMCell(3);
  const helper = new seq2seq.ScheduledEmbeddingTrainingHelper(
    [[[1, 2]]],
    [1],
    [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
    0.5,
  );
  const decoder = new seq2seq.BasicDecoder(lstm, helper, lstm.zeroState(1, 'float32'));
  expect(run(seq2seq.dynamicDecode(decoder)[0].rnnOutput).shape).toEqual([1, 1, 3]);
  const wrong = placeholder('float32', [2, 2]);
  expect(() => new seq2seq.ScheduledEmbeddingTrainingHelper([[[1]]], [1], [[0]], wrong)).toThrow(
    /expected samplingProbability to be a scalar or \[batch\]/,
  );
});
