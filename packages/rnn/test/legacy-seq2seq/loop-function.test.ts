import { constant, ones, resetDefaultGraph, variable } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { argmaxAndEmbed, checkedProjection } from '../../src/legacy-seq2seq/loop-function.js';
import { run } from '../seq2seq/support.js';

beforeEach(() => resetDefaultGraph());

test('embeds the likeliest symbol, of the logits that a projection makes', () => {
  const embedding = variable([[1], [2], [3]]);
  const previous = constant([
    [0, 2, 1],
    [5, 4, 3],
  ]);
  const flip = checkedProjection(
    'test',
    [
      [
        [0, 0, 1],
        [0, 1, 0],
        [1, 0, 0],
      ],
      [0, 0, 0],
    ],
    3,
  );
  const got = run([
    argmaxAndEmbed(embedding, undefined, true)(previous, 1),
    argmaxAndEmbed(embedding, flip, true)(previous, 1),
  ]);
  expect(got.map((t) => t.toArray())).toEqual([
    [[2], [1]],
    [[2], [3]],
  ]);
});

test('a projection has the symbols and units of what it projects', () => {
  expect(() => checkedProjection('decoder', [ones([2, 3]), ones([3])], 3, 4)).toThrow(
    /decoder: expected an outputProjection of weights \[4,3\] and biases \[3\], got float32\[2,3\] and float32\[3\]/,
  );
});
