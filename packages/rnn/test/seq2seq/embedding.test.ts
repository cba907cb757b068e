import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { embeddingOf } from '../../src/seq2seq/embedding.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('a table of rows, shards of one, or a function of ids', () => {
  const ids = constant([2, 0], { dtype: 'int32' });
  expect(run(embeddingOf([[1], [2], [3]])(ids)).toArray()).toEqual([[3], [1]]);
  expect(run(embeddingOf([constant([[1], [3]]), constant([[2]])])(ids)).toArray()).toEqual([[3], [1]]);
  expect(run(embeddingOf((x) => x.add(5))(ids)).toArray()).toEqual([7, 5]);
});
