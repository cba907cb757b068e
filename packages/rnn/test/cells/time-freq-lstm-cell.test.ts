import { reference } from '@tensorloom/backend-reference';
import {
  type Tensor,
  constant,
  globalVariablesInitializer,
  placeholder,
  randomUniformInitializer,
  resetDefaultGraph,
  setRandomSeed,
  split,
  stack,
  trainableVariables,
} from '@tensorloom/graph';
import { LSTMCell, TimeFreqLSTMCell, dynamicRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt, expectClose, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

test("TensorFlow's own test: three windows of 2 over 4 frequencies, kernel 0.5, states 0.1", () => {
  const rows = [1, 2, 3];
  const state = constant(0.1, { shape: [3, 48] });
  const x = rows.map((v) => [v, v, v, v]);
  const [output, next] = stepOf(new TimeFreqLSTMCell(8, { featureSize: 2 }), x, state);
  expect([output.length, next.length]).toEqual([3 * 24, 3 * 48]);
  // All gates of a window are the same number; units too.
  rows.forEach((v, row) => {
    let below = 0;
    for (let k = 0; k < 3; k++) {
      const z = 0.5 * (2 * v + 8 * 0.1 + 8 * below);
      const c = 0.1 * sigmoid(z + 1) + sigmoid(z) * Math.tanh(z);
      below = sigmoid(z) * Math.tanh(c);
      expectClose(output.slice(24 * row + 8 * k, 24 * row + 8 * k + 8), Array(8).fill(below), 1e-6);
      const after = next.slice(48 * row + 16 * k, 48 * row + 16 * k + 16);
      expectClose(after, [...Array<number>(8).fill(c), ...Array<number>(8).fill(below)], 1e-6);
    }
  });
});

test('with one window it is an LSTM that does not see its last rows of weights', () => {
  fc.assert(
    fc.property(ndarrays('float64', [2, 3, 2], { min: -2, max: 2 }), fc.nat(1000), (values, seed) => {
      resetDefaultGraph();
      setRandomSeed(seed);
      const x = constant(values);
      const options = { usePeepholes: true, cellClip: 0.4, forgetBias: 0.5 };
      const initializer = randomUniformInitializer({ minval: -1, maxval: 1 });
      const own = new TimeFreqLSTMCell(3, { ...options, featureSize: 2, initializer });
      const [outputs, state] = dynamicRnn(own, x, { dtype: 'float64', sequenceLength: [3, 1] });
      const [expected, { c, h }] = dynamicRnn(new LSTMCell(3, options), x, {
        dtype: 'float64',
        sequenceLength: [3, 1],
        scope: 'other',
      });
      const [kernel, bias, wF, wI, wO, otherKernel, otherBias, ...others] = trainableVariables();
      const session = new Session({ backend: reference() });
      session.runSync(globalVariablesInitializer());
      session.runSync([
        otherKernel.assign(split(kernel, [5, 3], { axis: 0 })[0]),
        otherBias.assign(bias),
        ...[wF, wI, wO].map((w, i): Tensor => others[i].assign(w)),
      ]);
      const r = session.runSync({ outputs, expected, state, both: stack([c, h], { axis: 1 }) });
      session.close();
      expectClose(r.outputs.toArray(), r.expected.toArray(), 1e-12);
      expectClose(r.state.toArray(), r.both.toArray(), 1e-12);
    }),
    { numRuns: 8 },
  );
});

test('names and sizes: those of one window, or of as many as fit inputSize', () => {
  const one = new TimeFreqLSTMCell(3, { featureSize: 4 });
  expect([one.stateSize, one.outputSize]).toEqual([6, 3]);
  const cell = new TimeFreqLSTMCell(3, { featureSize: 4, frequencySkip: 2, inputSize: 9, usePeepholes: true });
  expect([cell.stateSize, cell.outputSize]).toEqual([18, 9]);
  const [outputs, state] = dynamicRnn(cell, placeholder('float32', [null, 5, 9]), { dtype: 'float32' });
  expect([outputs.shape, state.shape]).toEqual([
    [null, 5, 9],
    [null, 18],
  ]);
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    ['rnn/time_freq_lstm_cell/W_0', [10, 12]],
    ['rnn/time_freq_lstm_cell/B', [12]],
    ['rnn/time_freq_lstm_cell/W_F_diag', [3]],
    ['rnn/time_freq_lstm_cell/W_I_diag', [3]],
    ['rnn/time_freq_lstm_cell/W_O_diag', [3]],
  ]);
});

test('gradients through time', () => {
  checkBptt(() => new TimeFreqLSTMCell(1, { featureSize: 1, inputSize: 2, usePeepholes: true }), 2, 1);
});

test('errors', () => {
  expect(() => new TimeFreqLSTMCell(2, { featureSize: 0 })).toThrow(
    'TimeFreqLSTMCell: expected a positive number of features, got 0.',
  );
  expect(() => new TimeFreqLSTMCell(2, { featureSize: 3, inputSize: 2 })).toThrow(
    /^TimeFreqLSTMCell: expected an input of at least 3 frequencies, the featureSize, got 2\./,
  );
  const cell = new TimeFreqLSTMCell(2, { featureSize: 2 });
  expect(() => cell.call(placeholder('float32', [1, 4]), cell.zeroState(1, 'float32'))).toThrow(
    /^TimeFreqLSTMCell: expected a state \[batch,12\], c and h of 3 windows, got .*\{ inputSize \}/,
  );
});
