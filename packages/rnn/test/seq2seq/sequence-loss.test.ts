import { type Tensor, constant, placeholder, reduceSum, resetDefaultGraph } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { expectClose } from '../support.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const [batch, time, classes] = [2, 3, 5];
const cube = (value: (step: number) => number): number[][][] =>
  Array.from({ length: batch }, () =>
    Array.from({ length: time }, (_, step) => Array.from({ length: classes }, () => value(step))),
  );
const table = (value: (row: number, step: number) => number): number[][] =>
  Array.from({ length: batch }, (_, row) => Array.from({ length: time }, (_s, step) => value(row, step)));

describe("TensorFlow's numbers: the logits of a step are alike, so that each loss is ln 5", () => {
  const logits = cube((step) => step + 0.5);
  const targets = table((_, step) => step);
  const weights = table(() => 1);
  const of = (options: seq2seq.SequenceLossOptions): unknown =>
    run(seq2seq.sequenceLoss(logits, constant(targets, { dtype: 'int32' }), weights, options)).toArray();

  test.each([
    [{}, 1.60944],
    [{ averageAcrossTimesteps: false, averageAcrossBatch: true }, [1.60944, 1.60944, 1.60944]],
    [{ averageAcrossTimesteps: true, averageAcrossBatch: false }, [1.60944, 1.60944]],
    [{ averageAcrossTimesteps: false, averageAcrossBatch: false }, table(() => 1.60944)],
  ])('%j', (options, want) => expectClose(of(options), want));
});

describe('weights', () => {
  const weights = [
    [1, 0.5, 0],
    [2, 0, 0],
  ];
  const logits = cube((step) => step);
  const targets = table(() => 1);
  const ln5 = Math.log(5);
  const none = { averageAcrossTimesteps: false, averageAcrossBatch: false };
  const of = (options: seq2seq.SequenceLossOptions, w = weights): unknown =>
    run(seq2seq.sequenceLoss(logits, constant(targets, { dtype: 'int32' }), w, options)).toArray();

  test.each([
    [{}, ln5],
    [
      none,
      [
        [ln5, ln5 / 2, 0],
        [2 * ln5, 0, 0],
      ],
    ],
    // Divided by the sum of the weights; a step without any gives 0.
    [{ averageAcrossTimesteps: false }, [ln5, ln5, 0]],
    [{ averageAcrossBatch: false }, [ln5, ln5]],
    // Divided by the number of weights that are not 0.
    [{ ...none, sumOverTimesteps: true, sumOverBatch: true }, (3.5 * ln5) / 3],
    [{ ...none, sumOverTimesteps: true }, [0.75 * ln5, 2 * ln5]],
    [{ ...none, sumOverBatch: true }, [1.5 * ln5, 0.5 * ln5, 0]],
  ])('%j', (options, want) => expectClose(of(options), want));

  test('of 0 give 0, and no gradient that is none', () => {
    expect(
      of({}, [
        [0, 0, 0],
        [0, 0, 0],
      ]),
    ).toBe(0);
  });
});

test('any loss of labels and logits will do', () => {
  const softmaxLossFunction = ({ labels, logits }: { labels: Tensor; logits: Tensor }) =>
    reduceSum(logits, 1).add(labels.cast('float32'));
  const loss = seq2seq.sequenceLoss(
    cube((step) => step),
    table((row) => row),
    table(() => 1),
    { softmaxLossFunction, averageAcrossTimesteps: false, averageAcrossBatch: false },
  );
  expect(run(loss).toArray()).toEqual([
    [0, 5, 10],
    [1, 6, 11],
  ]);
});

test('gradients', () => {
  const weights = ndarrays('float64', [2, 3], { min: 0.1, max: 1 });
  fc.assert(
    fc.property(ndarrays('float64', [2, 3, 4], { min: -2, max: 2 }), weights, fc.nat(1000), (logits, w, seed) => {
      checkGradients({
        inputs: [logits, w],
        seed,
        build: ([x, y]) => [
          seq2seq.sequenceLoss(
            x,
            [
              [0, 1, 2],
              [3, 0, 1],
            ],
            y,
          ),
          seq2seq.sequenceLoss(
            x,
            [
              [0, 1, 2],
              [3, 0, 1],
            ],
            y,
            { averageAcrossBatch: false },
          ),
        ],
      });
    }),
    { numRuns: 4 },
  );
});

test('says what is wrong', () => {
  const logits = placeholder('float32', [2, 3, 4]);
  expect(() => seq2seq.sequenceLoss(logits, [0, 1], [[1]])).toThrow(/expected logits \[batch, time, classes\]/);
  expect(() => seq2seq.sequenceLoss(logits, [[0]], [[1]], { sumOverBatch: true })).toThrow(
    /expected sumOverBatch or averageAcrossBatch, got both/,
  );
});
