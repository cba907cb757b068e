import { constant, placeholder, resetDefaultGraph, toInts, zeros } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const inputs = [
  [[1], [2], [3]],
  [[4], [5], [6]],
];

test('gives each step its inputs until all rows are finished, then zeros', () => {
  const helper = new seq2seq.TrainingHelper(inputs, [3, 1]);
  const state = constant(7);
  const at = (time: number) => helper.nextInputs(toInts(time, 'test'), zeros([2, 1]), state, zeros([2]));
  const got = run([helper.initialize(), at(0), at(1), at(2)]);
  expect(got.map(([finished]) => finished.toArray())).toEqual([
    [false, false],
    [false, true],
    [false, true],
    [true, true],
  ]);
  expect(got.map(([, next]) => next.toArray())).toEqual([
    [[1], [4]],
    [[2], [5]],
    [[3], [6]],
    [[0], [0]],
  ]);
  expect(got[3][2]?.item()).toBe(7);
});

test('samples the likeliest id', () => {
  const helper = new seq2seq.TrainingHelper(inputs, [1, 1]);
  expect(
    run(
      helper.sample(
        toInts(0, 'test'),
        constant([
          [1, 3, 2],
          [5, 4, 3],
        ]),
      ),
    ).toArray(),
  ).toEqual([1, 0]);
});

test('rows without a step are finished at first', () => {
  const helper = new seq2seq.TrainingHelper(inputs, [0, 0]);
  const [finished, first] = run([...helper.initialize()]);
  expect(finished.toArray()).toEqual([true, true]);
  expect(first.toArray()).toEqual([[0], [0]]);
});

test('says what is wrong with inputs and lengths', () => {
  expect(() => new seq2seq.TrainingHelper([1, 2], [1])).toThrow(
    /expected inputs \[batch, time, \.\.\.\] of known rank/,
  );
  expect(() => new seq2seq.TrainingHelper(inputs, [1, 1, 1])).toThrow(/expected sequenceLength to be int32 \[2\]/);
  const lengths = placeholder('int32', [null]);
  const helper = new seq2seq.TrainingHelper(inputs, lengths);
  expect(() => run([...helper.initialize()], [[lengths, [4, 1]]])).toThrow(/between 0 and the number of steps/);
});
