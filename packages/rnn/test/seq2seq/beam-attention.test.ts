import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { attentionOf } from '../../src/seq2seq/beam-attention.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const [a, b] = [[[[1, 3]]], [[[3, 5]]]];

test('the mean of the alignments of all mechanisms and cells', () => {
  const one = () => ({ alignments: constant(a) });
  const two = () => ({ alignments: [constant(a), constant(b)] });
  const got = run([attentionOf(one()), attentionOf(two()), attentionOf([constant([1]), one(), two()])]);
  expect(got.map((t) => t.toArray())).toEqual([[[[1, 3]]], [[[2, 4]]], [[[1.5, 3.5]]]]);
});

test('there must be some', () => {
  expect(() => attentionOf([constant([1])])).toThrow(/coveragePenaltyWeight needs alignments/);
});
