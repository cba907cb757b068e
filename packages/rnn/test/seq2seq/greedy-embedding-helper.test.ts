import { constant, placeholder, resetDefaultGraph, toInts, variable, zeros } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const table = [
  [1, 10],
  [2, 20],
  [3, 30],
];
const time = () => toInts(0, 'test');

test('starts with the start tokens, writes the likeliest id and reads its embedding; the end token ends a row', () => {
  const helper = new seq2seq.GreedyEmbeddingHelper(variable(table), [2, 0], 1);
  const ids = helper.sample(
    time(),
    constant([
      [0, 1, 0],
      [0, 0, 1],
    ]),
  );
  const got = run({
    first: helper.initialize(),
    ids,
    next: helper.nextInputs(time(), zeros([2, 3]), constant(5), ids),
  });
  expect(got.first.map((t) => t.toArray())).toEqual([
    [false, false],
    [
      [3, 30],
      [1, 10],
    ],
  ]);
  expect(got.ids.toArray()).toEqual([1, 2]);
  expect(got.next.map((t) => t.toArray())).toEqual([
    [true, false],
    [
      [2, 20],
      [3, 30],
    ],
    5,
  ]);
});

test('an embedding may be a function of ids, or shards', () => {
  const squares = new seq2seq.GreedyEmbeddingHelper((ids) => ids.mul(ids).cast('float32'), [2, 3], 0);
  expect(run(squares.initialize()[1]).toArray()).toEqual([4, 9]);
  const shards = new seq2seq.GreedyEmbeddingHelper([constant([[1], [3]]), constant([[2]])], [1, 2], 0);
  expect(run(shards.initialize()[1]).toArray()).toEqual([[2], [3]]);
});

test('says what is wrong with the tokens', () => {
  const make = (start: number[][] | number[], end: number[] | number) => () =>
    new seq2seq.GreedyEmbeddingHelper(table, start, end);
  expect(make([[1]], 0)).toThrow(/expected startTokens to be int32 \[batch\]/);
  expect(make([1], [0])).toThrow(/expected endToken to be an int32 scalar/);
  expect(() => new seq2seq.GreedyEmbeddingHelper(table, placeholder('float32', [2]), 0)).toThrow(/float32/);
});
