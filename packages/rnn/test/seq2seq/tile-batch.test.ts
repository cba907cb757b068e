import { TensorArray, constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('each row comes so many times in a row, in every tensor of a structure', () => {
  const state = {
    c: constant([
      [1, 2],
      [3, 4],
    ]),
    lengths: constant([5, 6], { dtype: 'int32' }),
  };
  const { c, lengths } = run(seq2seq.tileBatch(state, 2));
  expect(c.toArray()).toEqual([
    [1, 2],
    [1, 2],
    [3, 4],
    [3, 4],
  ]);
  expect(lengths.toArray()).toEqual([5, 5, 6, 6]);
});

test('what is not known of a shape may stay so', () => {
  const x = placeholder('float32', [null, null, 2]);
  const tiled = seq2seq.tileBatch(x, 3);
  expect(tiled.shape).toEqual([null, null, 2]);
  expect(run(tiled, [[x, [[[1, 2]], [[3, 4]]]]]).shape).toEqual([6, 1, 2]);
  expect(seq2seq.tileBatch(placeholder('float32', [4, 2]), 3).shape).toEqual([12, 2]);
});

test('says what it cannot tile', () => {
  expect(() => seq2seq.tileBatch(constant(1), 2)).toThrow(/expected tensors \[batch, \.\.\.\] of known rank/);
  expect(() => seq2seq.tileBatch(constant([1]), 0)).toThrow(/positive number of copies, got 0/);
  const array: unknown = new TensorArray('float32', 1);
  expect((): unknown => Reflect.apply(seq2seq.tileBatch, undefined, [{ array }, 2])).toThrow(/got a TensorArray/);
});
