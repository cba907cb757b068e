import { gradients } from '@tensorloom/autodiff';
import { constant, ones, placeholder, reduceSum, resetDefaultGraph } from '@tensorloom/graph';
import { layers, nn } from '@tensorloom/nn';
import { beforeEach, expect, test } from 'vitest';
import { run } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('drops while training only', () => {
  const x = ones([40, 5]);
  expect(layers.dropout(x)).toBe(x);
  const [plain, dropped, rows] = run([
    nn.dropout(x, { rate: 0.25, seed: 3 }),
    layers.dropout(x, { rate: 0.25, seed: 3, training: true }),
    layers.dropout(x, { seed: 4, training: true, noiseShape: [40, 1] }),
  ]);
  expect(dropped).toEqual(plain);
  expect(new Set(rows)).toEqual(new Set([0, 2]));
  for (let i = 0; i < 200; i += 5) expect(new Set(rows.slice(i, i + 5)).size).toBe(1);
});

test('a run may say whether it trains; gradients follow', () => {
  const x = ones([50], { dtype: 'float64' });
  const training = placeholder('bool', []);
  const y = layers.dropout(x, { rate: 0.5, seed: 3, training });
  const [dx] = gradients(reduceSum(y.square()), [x]);
  if (dx === null) throw new Error('no gradient');
  const [values, slopes] = run([y, dx], [[training, true]]);
  expect(new Set(values)).toEqual(new Set([0, 2]));
  // The square of 2x has the slope 8x, and x is 1.
  expect(slopes).toEqual(values.map((v) => 4 * v));
  const still = new Array<number>(50);
  expect(run([y, dx], [[training, false]])).toEqual([still.fill(1), still.slice().fill(2)]);
});

test('errors', () => {
  expect(() => layers.dropout([1], { rate: 1, training: true })).toThrow('dropout: expected rate in [0, 1), got 1.');
  expect(() => layers.dropout(constant([1], { dtype: 'int32' }), { training: true })).toThrow(
    'dropout: expected floating elements',
  );
});
