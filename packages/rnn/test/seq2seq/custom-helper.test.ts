import { type Tensor, argMax, constant, equal, fill, isTensor, oneHot, resetDefaultGraph } from '@tensorloom/graph';
import { BasicRNNCell, seq2seq } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('three functions are a helper, which may change the state too', () => {
  const cell = { call: (x: Tensor, state: { seen: Tensor }) => [x, { seen: state.seen.add(x) }] as const };
  const helper = new seq2seq.CustomHelper<{ seen: Tensor }>(
    () => [
      fill([2], false),
      constant([
        [1, 0, 0],
        [0, 1, 0],
      ]),
    ],
    (_time, outputs) => argMax(outputs, 1),
    (time, _outputs, { seen }, ids) => [equal(ids, 2), oneHot(ids.add(1), 3), { seen: seen.add(time.cast('float32')) }],
  );
  const decoder = new seq2seq.BasicDecoder(cell, helper, {
    seen: constant([
      [0, 0, 0],
      [0, 0, 0],
    ]),
  });
  const [{ sampleId }, { seen }, steps] = seq2seq.dynamicDecode(decoder);
  const got = run({ sampleId, seen, steps });
  expect(got.steps.toArray()).toEqual([3, 2]);
  expect(got.sampleId.toArray()).toEqual([
    [0, 1, 2],
    [1, 2, 0],
  ]);
  // Each step adds its input, and its time to all.
  expect(got.seen.toArray()).toEqual([
    [4, 4, 4],
    [3, 4, 4],
  ]);
});

test('samples may have any dtype and shape', () => {
  const cell = new BasicRNNCell(2);
  const helper = new seq2seq.CustomHelper<Tensor>(
    () => [fill([1], false), constant([[1, 1]])],
    (_time, outputs) => outputs,
    (_time, _outputs, state, samples) => [fill([1], false), samples, state],
    { sampleIdsDtype: 'float32' },
  );
  const decoder = new seq2seq.BasicDecoder(cell, helper, cell.zeroState(1, 'float32'));
  const [{ rnnOutput, sampleId }] = seq2seq.dynamicDecode(decoder, { maximumIterations: 2 });
  expect(isTensor(sampleId)).toBe(true);
  const [a, b] = run([rnnOutput, sampleId]);
  expect(a.toArray()).toEqual(b.toArray());
});
