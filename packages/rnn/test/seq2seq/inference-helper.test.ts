import { constant, fill, greater, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { seq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('a network that goes on from what it wrote, until a function says so', () => {
  const cell = {
    call: (x: ReturnType<typeof constant>, s: ReturnType<typeof constant>) => [x.mul(2), s.add(1)] as const,
  };
  const helper = new seq2seq.InferenceHelper(
    (outputs) => outputs.add(1),
    [1],
    'float32',
    [[1], [3]],
    (samples) => greater(samples, 10).reshape([2]),
    { nextInputsFn: (samples) => samples.sub(1) },
  );
  const decoder = new seq2seq.BasicDecoder(cell, helper, constant(0));
  const [outputs, state, steps] = seq2seq.dynamicDecode(decoder, { imputeFinished: true });
  const got = run({ outputs, state, steps });
  expect(got.outputs.rnnOutput.toArray()).toEqual([
    [[2], [4], [8], [16]],
    [[6], [12], [0], [0]],
  ]);
  expect(got.outputs.sampleId.toArray()).toEqual([
    [[3], [5], [9], [17]],
    [[7], [13], [0], [0]],
  ]);
  expect(got.steps.toArray()).toEqual([4, 2]);
  expect(got.state.item()).toBe(4);
});

test('says what is wrong with the first inputs', () => {
  const make = (start: ReturnType<typeof constant>) => () =>
    new seq2seq.InferenceHelper(
      (x) => x,
      [1],
      'float32',
      start,
      () => fill([1], true),
    );
  expect(make(constant(1))).toThrow(/expected startInputs \[batch, \.\.\.\] of known rank/);
  expect(make(placeholder('float32'))).toThrow(/of known rank/);
});

test('samples must be what was said of them', () => {
  const helper = new seq2seq.InferenceHelper(
    (x) => x,
    [3],
    'int32',
    [[1]],
    () => fill([1], true),
  );
  expect(() => helper.sample(constant(0), constant([[1, 2]]))).toThrow(
    /expected sampleFn to return int32\[\?,3\], as sampleShape and sampleDtype say, got float32\[1,2\]/,
  );
});
