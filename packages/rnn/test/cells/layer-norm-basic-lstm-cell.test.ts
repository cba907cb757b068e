import { constant, placeholder, resetDefaultGraph, setRandomSeed } from '@tensorloom/graph';
import { LayerNormBasicLSTMCell, MultiRNNCell } from '@tensorloom/rnn';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkBptt, expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

describe("TensorFlow's own tests: kernel 0.5", () => {
  const [low, high] = [-0.38079708, 0.38079708];

  test('two layers', () => {
    const cell = new MultiRNNCell([new LayerNormBasicLSTMCell(2), new LayerNormBasicLSTMCell(2)]);
    const states = [0, 4].map((n) => ({
      c: constant([[n / 10, (n + 1) / 10]]),
      h: constant([[(n + 2) / 10, (n + 3) / 10]]),
    }));
    const [output, c0, h0, c1, h1] = stepOf(cell, [[1, 1]], states);
    expectClose(
      [output, h0, h1],
      [
        [low, high],
        [low, high],
        [low, high],
      ],
    );
    expectClose(
      [c0, c1],
      [
        [-1, 1],
        [-1, 1],
      ],
    );
  });

  test('an input of another depth', () => {
    const state = { c: constant([[0, 0.1]]), h: constant([[0.2, 0.3]]) };
    const [output, c] = stepOf(new LayerNormBasicLSTMCell(2), [[1, 1, 1]], state);
    expectClose(output, [low, high]);
    expectClose(c, [-1, 1]);
  });

  test('recurrent dropout leaves out what would be written to the memory', () => {
    setRandomSeed(1);
    const n = 200;
    const cell = new LayerNormBasicLSTMCell(n, { layerNorm: false, dropoutKeepProb: 0.5, dropoutProbSeed: 2 });
    // With all sums far above 0 the gates are open and the candidate is 1, doubled where it is kept.
    const [output, c, h] = stepOf(cell, [[1, 1, 1, 1, 1]], { c: filled(n, 1), h: filled(n, 1) }, 1);
    expect(output).toEqual(h);
    const kept = c.filter((v) => v > 2);
    for (const [i, v] of c.entries()) expect(output[i]).toBeCloseTo(v > 2 ? 0.995055 : 0.761594, 4);
    for (const v of c) expect(v).toBeCloseTo(v > 2 ? 3 : 1, 4);
    expect(kept.length / n).toBeGreaterThan(0.4);
    expect(kept.length / n).toBeLessThan(0.6);
  });
});

test('a probability may be fed', () => {
  const keep = placeholder('float32', []);
  const cell = new LayerNormBasicLSTMCell(2, { dropoutKeepProb: keep });
  const [, { c }] = cell.call(constant([[1, 2]]), cell.zeroState(1, 'float32'));
  expect(c.shape).toEqual([1, 2]);
});

test('gain and shift begin as asked for', () => {
  const cell = new LayerNormBasicLSTMCell(2, { normGain: 0.5, normShift: 3 });
  const [, c] = stepOf(cell, [[1, 2]], { c: constant([[0, 0.1]]), h: constant([[0.2, 0.3]]) });
  // Two normalised numbers are -1 and 1, times .5, plus 3.
  expectClose(c, [2.5, 3.5], 1e-4);
});

test('gradients through time', () => {
  checkBptt(() => new LayerNormBasicLSTMCell(3), 2, 1);
  checkBptt(() => new LayerNormBasicLSTMCell(2, { layerNorm: false, forgetBias: 0 }), 2, 1);
});

test('errors', () => {
  expect(() => new LayerNormBasicLSTMCell(0)).toThrow(/expected a positive number of units, got 0/);
});
