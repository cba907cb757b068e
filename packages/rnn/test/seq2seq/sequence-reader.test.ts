import { constant, fill, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { SequenceReader } from '../../src/seq2seq/sequence-reader.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

test.each([false, true])('reads step by step, time major %s', (timeMajor) => {
  const x = placeholder('float32', [null, null]);
  const reader = new SequenceReader('test', x, timeMajor);
  const open = constant([false, true]);
  const reads = [0, 1].map((time) => reader.readUnless(open, time));
  const got = run(
    [...reads, reader.steps, reader.batch],
    [
      [
        x,
        timeMajor
          ? [
              [1, 2],
              [3, 4],
            ]
          : [
              [1, 3],
              [2, 4],
            ],
      ],
    ],
  );
  expect(got.map((t) => t.toArray())).toEqual([[1, 2], [3, 4], 2, 2]);
});

test('there is no step to read when all rows are finished', () => {
  const reader = new SequenceReader('test', constant([[[1, 2]], [[3, 4]]]), false);
  expect(run(reader.readUnless(fill([2], true), 99)).toArray()).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(() => run(reader.readUnless(fill([2], false), 99))).toThrow(/99/);
});
