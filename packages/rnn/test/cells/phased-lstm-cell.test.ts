import { reference } from '@tensorloom/backend-reference';
import {
  constant,
  globalVariables,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  trainableVariables,
} from '@tensorloom/graph';
import { PhasedLSTMCell, dynamicRnn, flatState, staticRnn } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';

beforeEach(() => resetDefaultGraph());

test('variables have TensorFlow’s names, and periods and phases begin within their bounds', () => {
  const cell = new PhasedLSTMCell(50, { periodInitMin: 2, periodInitMax: 8, trainableRatioOn: false, ratioOn: 0.25 });
  const times = placeholder('float32', [2, 3, 1]);
  dynamicRnn(cell, [times, placeholder('float32', [2, 3, 4])] as const, { dtype: 'float32' });
  const below = (names: readonly string[]): string[] => names.map((name) => `rnn/phased_lstm_cell/${name}`);
  const layers = ['mask_gates', 'new_input', 'output_gate'].flatMap((scope) => [`${scope}/kernel`, `${scope}/bias`]);
  expect(globalVariables().map((v) => v.op)).toEqual(below([...layers, 'period', 'phase', 'ratio_on']));
  expect(trainableVariables().map((v) => v.op)).not.toContain('rnn/phased_lstm_cell/ratio_on');
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const [period, phase, ratio] = session.runSync(globalVariables().slice(-3)).map((v) => Array.from(v.data, Number));
  session.close();
  for (const p of period) expect(p).toBeGreaterThanOrEqual(2);
  for (const p of period) expect(p).toBeLessThanOrEqual(8);
  expect(new Set(period).size).toBe(50);
  phase.forEach((p, i) => expect(p).toBeLessThanOrEqual(period[i]));
  expect(new Set(ratio)).toEqual(new Set([0.25]));
});

test('times are computed with in their own dtype', () => {
  const cell = new PhasedLSTMCell(3);
  // As float32 both would be 16777216.
  const times = constant([[16777216], [16777217]], { dtype: 'float64' });
  const state = cell.zeroState(2, 'float32');
  const [output] = cell.call(
    [
      times,
      constant([
        [1, 2],
        [1, 2],
      ]),
    ],
    state,
  );
  expect(output.dtype).toBe('float32');
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const h = session.runSync(output);
  session.close();
  expect([h.get(0, 0), h.get(0, 1), h.get(0, 2)]).not.toEqual([h.get(1, 0), h.get(1, 1), h.get(1, 2)]);
});

test.each(['dynamic', 'static'])('gradients through time, %s', (driver) => {
  fc.assert(
    fc.property(ndarrays('float64', [2, 2, 2], { min: -1, max: 1 }), fc.nat(1000), (x, seed) => {
      checkGradients({
        inputs: [x],
        seed,
        build: ([inputs]) => {
          const bounds = { periodInitMin: 10, periodInitMax: 10 };
          const cell = new PhasedLSTMCell(2, { usePeepholes: true, ratioOn: 0.9, leak: 0.1, ...bounds });
          // Within the first period: the gradient of mod, as TensorFlow defines it, leaves out that periods end.
          const at = constant([9.999, 9.9992, 9.9994, 9.9996], { shape: [2, 2, 1], dtype: 'float64' });
          const options = { dtype: 'float64', sequenceLength: [2, 1] } as const;
          if (driver === 'dynamic') {
            const [outputs, state] = dynamicRnn(cell, [at, inputs] as const, options);
            return [outputs, ...flatState(state)];
          }
          const steps = [0, 1].map((i) => {
            const row = (t: typeof at) => t.slice([0, i, 0], [2, 1, -1]).reshape([2, t.shape?.[2] ?? 1]);
            return [row(at), row(inputs)] as const;
          });
          const [outputs, state] = staticRnn(cell, steps, options);
          return [...outputs, ...flatState(state)];
        },
      });
    }),
    { numRuns: 2 },
  );
});

test('errors', () => {
  expect(() => new PhasedLSTMCell(0)).toThrow(/expected a positive number of units, got 0/);
  const cell = new PhasedLSTMCell(2);
  const inputs = [placeholder('float32', [2, 3, 1]), placeholder('float32', [2, 3, null])] as const;
  expect(() => dynamicRnn(cell, inputs, { dtype: 'float32' })).toThrow(
    /expected inputs \[batch, time, depth\] with a known depth, got float32\[2,3,\?\]/,
  );
});
