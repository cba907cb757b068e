import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { NASCell, dynamicRnn, flatState } from '@tensorloom/rnn';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { expectClose, filled, stepOf } from '../support.js';

beforeEach(() => resetDefaultGraph());

const x = (value: number): number[][] => [[value, value, value, value]];
const state = (h: number) => ({ c: filled(6, 0.1), h: filled(h, 0.1) });
const six = (value: number): number[] => Array<number>(6).fill(value);
const five = (value: number): number[] => Array<number>(5).fill(value);

describe("TensorFlow's own tests: 6 units, kernels 0.5, states 0.1", () => {
  test.each([
    [1, 0.57675087, 0.71579772],
    [2, 0.6189357, 0.78041625],
    [3, 0.62739348, 0.79457647],
  ])('x = %i', (value, h, c) => {
    const [output, nextC, nextH] = stepOf(new NASCell(6), x(value), state(6));
    expectClose(output, six(h), 1e-6);
    expectClose(nextC, six(c), 1e-6);
    expectClose(nextH, six(h), 1e-6);
  });

  test.each([
    [1, 1.69741797, 0.69855207],
    [2, 1.84003687, 0.77073824],
    [3, 1.87398517, 0.78973997],
  ])('projected to 5, x = %i', (value, h, c) => {
    const [output, nextC] = stepOf(new NASCell(6, { numProj: 5 }), x(value), state(5));
    expectClose(output, five(h), 1e-6);
    expectClose(nextC, six(c), 1e-6);
  });
});

test('gradients through time', () => {
  // Away from 0, where relu has its kink.
  const inputs = ndarrays('float64', [2, 3, 2], { awayFrom: [0], distance: 0.05 });
  fc.assert(
    fc.property(inputs, fc.boolean(), fc.nat(1000), (x, projected, seed) => {
      checkGradients({
        inputs: [x],
        seed,
        build: ([sequences]) => {
          const cell = new NASCell(2, projected ? { numProj: 3, useBias: true } : {});
          // From a state, as relu(a m) has a kink where the state is 0.
          const filled = (n: number, v: number) => constant(v, { shape: [2, n], dtype: 'float64' });
          const initialState = { c: filled(2, 0.2), h: filled(projected ? 3 : 2, 0.4) };
          const [outputs, state] = dynamicRnn(cell, sequences, { initialState, sequenceLength: [3, 1] });
          return [outputs, ...flatState(state)];
        },
      });
    }),
    { numRuns: 4 },
  );
});

test('errors', () => {
  expect(() => new NASCell(0)).toThrow(/expected a positive number of units, got 0/);
  expect(() => new NASCell(2, { numProj: 0 })).toThrow(/expected a positive number of projected outputs, got 0/);
});
