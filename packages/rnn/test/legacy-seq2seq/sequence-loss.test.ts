import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { legacySeq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from '../seq2seq/support.js';

beforeEach(() => resetDefaultGraph());

test.each([
  [{}, 1.60944],
  [{ averageAcrossTimesteps: false }, 4.828314],
  [{ averageAcrossTimesteps: false, averageAcrossBatch: false }, 9.656628],
])("TensorFlow's numbers: %j", (options, want) => {
  const logits = [0, 1, 2].map((i) => constant([0, 1].map(() => Array<number>(5).fill(i + 0.5))));
  const targets = [0, 1, 2].map((i) => constant([i, i], { dtype: 'int32' }));
  const weights = [0, 1, 2].map(() => constant([1, 1]));
  expect(run(legacySeq2seq.sequenceLoss(logits, targets, weights, options)).item()).toBeCloseTo(want, 4);
});
