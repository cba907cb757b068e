import { constant, resetDefaultGraph, unstack } from '@tensorloom/graph';
import { legacySeq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from '../seq2seq/support.js';
import { expectClose } from '../support.js';
import { checkDecoder } from './support.js';

beforeEach(() => resetDefaultGraph());

const logits = () => [0, 1, 2].map((i) => constant([0, 1].map(() => Array<number>(5).fill(i + 0.5))));
const targets = () => [0, 1, 2].map((i) => constant([i, i], { dtype: 'int32' }));
const ones = () => [0, 1, 2].map(() => constant([1, 1]));

test("TensorFlow's numbers", () => {
  const of = (averageAcrossTimesteps: boolean) =>
    run(legacySeq2seq.sequenceLossByExample(logits(), targets(), ones(), { averageAcrossTimesteps })).toArray();
  expectClose(of(true), [1.60944, 1.60944]);
  expectClose(of(false), [4.828314, 4.828314]);
});

test('rows without weight have no loss, and any loss will do', () => {
  const weights = [
    [1, 0],
    [3, 0],
    [0, 0],
  ].map((w) => constant(w));
  const loss = legacySeq2seq.sequenceLossByExample(logits(), targets(), weights, {
    softmaxLossFunction: ({ labels, logits: x }) => labels.cast('float32').add(x.slice([0, 0], [2, 1]).reshape([2])),
  });
  // (.5 * 1 + 2.5 * 3) / 4.
  expectClose(run(loss).toArray(), [2, 0]);
});

test('gradients', () => {
  checkDecoder([3, 2, 4], (x) => [
    [
      legacySeq2seq.sequenceLossByExample(
        unstack(x),
        targets(),
        [
          [1, 0.5],
          [2, 1],
          [0, 1],
        ].map((w) => constant(w, { dtype: 'float64' })),
      ),
    ],
    [],
  ]);
});

test('there must be as many of each', () => {
  expect(() => legacySeq2seq.sequenceLossByExample(logits(), targets(), [])).toThrow(
    /the same number of steps, at least one, got 3, 3 and 0/,
  );
});
