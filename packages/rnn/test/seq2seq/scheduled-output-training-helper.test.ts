import { type Tensor, constant, resetDefaultGraph } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const inputs = [
  [[1], [2], [3]],
  [[10], [20], [30]],
];
/** A cell that writes ten times what it reads first, minus what it reads else. */
const cell = {
  call: (x: Tensor, state: Tensor) => {
    const depth = x.shape?.[1] ?? 0;
    const rest = depth > 1 ? x.slice([0, 1], [-1, 1]) : constant([[0], [0]]);
    return [x.slice([0, 0], [-1, 1]).mul(10).sub(rest), state] as const;
  },
};

function decoded(rate: number | number[], options: seq2seq.ScheduledOutputTrainingHelperOptions = {}) {
  const helper = new seq2seq.ScheduledOutputTrainingHelper(inputs, [3, 3], rate, options);
  const [{ rnnOutput, sampleId }] = seq2seq.dynamicDecode(new seq2seq.BasicDecoder(cell, helper, constant(0)));
  const got = run({ outputs: rnnOutput.reshape([2, 3]), sampleId });
  return { outputs: got.outputs.toArray(), sampled: got.sampleId.toArray() };
}

test('reads the inputs, or what was written', () => {
  expect(decoded(0)).toEqual({
    outputs: [
      [10, 20, 30],
      [100, 200, 300],
    ],
    sampled: [
      [0, 0, 0],
      [0, 0, 0],
    ],
  });
  expect(decoded(1)).toEqual({
    outputs: [
      [10, 100, 1000],
      [100, 1000, 10000],
    ],
    sampled: [
      [1, 1, 1],
      [1, 1, 1],
    ],
  });
});

test('in some rows the one, in some the other', () => {
  expect(decoded([0, 1])).toEqual({
    outputs: [
      [10, 20, 30],
      [100, 1000, 10000],
    ],
    sampled: [
      [0, 0, 0],
      [1, 1, 1],
    ],
  });
});

test('a layer changes what was written before it is read', () => {
  expect(decoded(1, { nextInputsFn: (x) => x.add(1) }).outputs).toEqual([
    [10, 110, 1110],
    [100, 1010, 10110],
  ]);
});

test('auxiliary inputs are read beside both', () => {
  const auxiliaryInputs = [
    [[1], [2], [3]],
    [[4], [5], [6]],
  ];
  expect(decoded(0, { auxiliaryInputs }).outputs).toEqual([
    [9, 18, 27],
    [96, 195, 294],
  ]);
  expect(decoded(1, { auxiliaryInputs }).outputs).toEqual([
    [9, 88, 877],
    [96, 955, 9544],
  ]);
});
