import {
  type Tensor,
  add,
  constant,
  equal,
  fill,
  isTensor,
  notEqual,
  placeholder,
  reduceMax,
  resetDefaultGraph,
  stack,
  transpose,
} from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { BasicLSTMCell, BasicRNNCell, GRUCell, dynamicRnn, flatState, seq2seq } from '@tensorloom/rnn';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { expectClose } from '../support.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const lengths = [3, 1, 0, 2];

test('a training helper gives what dynamicRnn gives, and stops after the longest row', () => {
  fc.assert(
    fc.property(ndarrays('float64', [4, 5, 2], { min: -1, max: 1 }), fc.boolean(), (inputs, timeMajor) => {
      resetDefaultGraph();
      const x = placeholder('float64', [null, null, 2]);
      const cell = new BasicLSTMCell(3);
      const [want, wantState] = dynamicRnn(cell, x, { dtype: 'float64', sequenceLength: lengths });
      const helper = new seq2seq.TrainingHelper(timeMajor ? transpose(x, [1, 0, 2]) : x, lengths, { timeMajor });
      const decoder = new seq2seq.BasicDecoder(cell, helper, cell.zeroState(4, 'float64'));
      const options = { imputeFinished: true, outputTimeMajor: timeMajor };
      const [got, state, steps] = seq2seq.dynamicDecode(decoder, options);
      const outputs = timeMajor ? transpose(got.rnnOutput, [1, 0, 2]) : got.rnnOutput;
      const values = run({ outputs, want: want.slice([0, 0, 0], [4, 3, 3]), state, wantState, steps }, [[x, inputs]]);
      expect(values.outputs.shape).toEqual([4, 3, 3]);
      expectClose(values.outputs.toArray(), values.want.toArray(), 1e-12);
      expectClose(values.state.c.toArray(), values.wantState.c.toArray(), 1e-12);
      expectClose(values.state.h.toArray(), values.wantState.h.toArray(), 1e-12);
      expect(values.steps.toArray()).toEqual(lengths);
    }),
    { numRuns: 4 },
  );
});

describe('gradients', () => {
  test.each([
    ['imputed', { imputeFinished: true }],
    ['not imputed', {}],
    ['swapped', { swapMemory: true }],
    ['with checkpoints', { checkpointEvery: 2 }],
    ['ended early', { maximumIterations: 2 }],
  ])('through a training helper, %s', (_, options) => {
    fc.assert(
      fc.property(ndarrays('float64', [3, 4, 2], { min: -1, max: 1 }), fc.nat(1000), (x, seed) => {
        checkGradients({
          inputs: [x],
          seed,
          build: ([inputs]) => {
            const cell = new BasicLSTMCell(2);
            const helper = new seq2seq.TrainingHelper(inputs, [4, 2, 1]);
            const outputLayer = new layers.Dense(3);
            const decoder = new seq2seq.BasicDecoder(cell, helper, cell.zeroState(3, 'float64'), outputLayer);
            const [{ rnnOutput }, state] = seq2seq.dynamicDecode(decoder, options);
            return [rnnOutput, ...flatState(state)];
          },
        });
      }),
      { numRuns: 2 },
    );
  });

  test('of gradients', () => {
    fc.assert(
      fc.property(ndarrays('float64', [2, 3, 2], { min: -1, max: 1 }), fc.nat(1000), (x, seed) => {
        checkGradients({
          inputs: [x],
          seed,
          order: 2,
          build: ([inputs]) => {
            const cell = new BasicRNNCell(2);
            const helper = new seq2seq.TrainingHelper(inputs, [3, 1]);
            const decoder = new seq2seq.BasicDecoder(cell, helper, cell.zeroState(2, 'float64'));
            return seq2seq.dynamicDecode(decoder, { imputeFinished: true })[0].rnnOutput;
          },
        });
      }),
      { numRuns: 2 },
    );
  });

  test('through outputs that are read again', () => {
    fc.assert(
      fc.property(ndarrays('float64', [2, 2], { min: -1, max: 1 }), fc.nat(1000), (x, seed) => {
        checkGradients({
          inputs: [x],
          seed,
          build: ([start]) => {
            const cell = new GRUCell(2);
            const helper = new seq2seq.InferenceHelper(
              (outputs) => outputs.mul(2),
              [2],
              'float64',
              start,
              () => fill([2], false),
            );
            const decoder = new seq2seq.BasicDecoder(cell, helper, cell.zeroState(2, 'float64'));
            return seq2seq.dynamicDecode(decoder, { maximumIterations: 3 })[0].rnnOutput;
          },
        });
      }),
      { numRuns: 2 },
    );
  });
});

/** A decoder without a base class: counts down from what each row starts with, and puts out two things. */
function countdown(from: Tensor): seq2seq.Decoder<{ left: Tensor; twice: readonly [Tensor] }, { runs: Tensor }> {
  return {
    batchSize: constant(3, { dtype: 'int32' }),
    outputDtype: { left: 'int32', twice: ['float32'] },
    initialize: () => [equal(from, 0), from, { runs: constant([0, 0, 0], { dtype: 'int32' }) }],
    step(_time, inputs, { runs }) {
      if (!isTensor(inputs)) throw new Error('expected one input');
      const left = inputs.sub(1);
      return [{ left, twice: [left.mul(2).cast('float32')] }, { runs: runs.add(1) }, left, equal(left, 0)];
    },
  };
}

describe('a decoder of one’s own', () => {
  test('runs until all rows are finished, and no step longer', () => {
    const [outputs, { runs }, steps] = seq2seq.dynamicDecode(countdown(constant([2, 3, 1], { dtype: 'int32' })));
    const got = run({ outputs, runs, steps });
    // Without imputeFinished a finished row goes on.
    expect(got.outputs.left.toArray()).toEqual([
      [1, 0, -1],
      [2, 1, 0],
      [0, -1, -2],
    ]);
    expect(got.outputs.twice[0].toArray()).toEqual([
      [2, 0, -2],
      [4, 2, 0],
      [0, -2, -4],
    ]);
    expect(got.runs.toArray()).toEqual([3, 3, 3]);
    expect(got.steps.toArray()).toEqual([2, 3, 1]);
  });

  test('imputeFinished puts out zeros and keeps the state of finished rows', () => {
    const decoder = countdown(constant([2, 3, 1], { dtype: 'int32' }));
    const [{ left }, { runs }] = seq2seq.dynamicDecode(decoder, { imputeFinished: true, outputTimeMajor: true });
    const got = run({ left, runs });
    expect(got.left.toArray()).toEqual([
      [1, 2, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    expect(got.runs.toArray()).toEqual([2, 3, 1]);
  });

  test.each([
    [0, []],
    [2, [2, 2, 1]],
    [9, [2, 3, 1]],
  ])('at most %i steps', (maximumIterations, want) => {
    const most = placeholder('int32', []);
    const decoder = countdown(constant([2, 3, 1], { dtype: 'int32' }));
    const [{ left }, , steps] = seq2seq.dynamicDecode(decoder, { maximumIterations: most });
    const got = run({ left, steps, longest: reduceMax(steps) }, [[most, maximumIterations]]);
    expect(got.left.shape).toEqual([3, Math.min(3, maximumIterations)]);
    expect(got.steps.toArray()).toEqual(want.length === 0 ? [0, 0, 0] : want);
  });

  test('all rows finished at first: no step', () => {
    const [{ left }, { runs }] = seq2seq.dynamicDecode(countdown(constant([0, 0, 0], { dtype: 'int32' })));
    const got = run({ left, runs });
    expect(got.left.shape).toEqual([3, 0]);
    expect(got.runs.toArray()).toEqual([0, 0, 0]);
  });

  test('may say itself what is finished, and make something else of its outputs', () => {
    const decoder = {
      ...countdown(constant([2, 3, 1], { dtype: 'int32' })),
      tracksOwnFinished: true,
      finalize: ({ left }: { left: Tensor }, state: { runs: Tensor }, steps: Tensor) =>
        [{ sum: stack([left, left]), steps }, { runs: add(state.runs, 100) }] as const,
    };
    // Rows are at 0 at different steps, so that no step finds all of them finished.
    const [{ sum, steps }, { runs }] = seq2seq.dynamicDecode(decoder, { maximumIterations: 4, outputTimeMajor: true });
    const got = run({ sum, steps, runs });
    expect(got.sum.shape).toEqual([2, 4, 3]);
    expect(got.runs.toArray()).toEqual([104, 104, 104]);
    expect(got.steps.toArray()).toEqual([4, 3, 4]);
  });
});

test('says what is wrong with what a step puts out', () => {
  const decoder = { ...countdown(constant([1, 1, 1], { dtype: 'int32' })), outputDtype: 'int32' as const };
  expect(() => seq2seq.dynamicDecode(decoder)).toThrow(
    /a step put out \{left: \*, twice: \[\*\]\}, expected the structure of the decoder's outputDtype, \*/,
  );
});

test('a step is traced once, whatever the number of steps', () => {
  let calls = 0;
  const decoder = countdown(constant([2, 3, 1], { dtype: 'int32' }));
  const counting: typeof decoder = {
    ...decoder,
    step: (...args) => {
      calls++;
      return decoder.step(...args);
    },
  };
  seq2seq.dynamicDecode(counting);
  expect(calls).toBe(1);
});

test('ends as soon as the last row ends: the condition is looked at before each step', () => {
  const [{ left }] = seq2seq.dynamicDecode(countdown(constant([5, 1, 1], { dtype: 'int32' })));
  const open = notEqual(left, 0);
  expect(run(open).shape).toEqual([3, 5]);
});
