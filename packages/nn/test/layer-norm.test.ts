import { constant, placeholder, relu, resetDefaultGraph, trainableVariables } from '@tensorloom/graph';
import { layers, nn } from '@tensorloom/nn';
import { beforeEach, expect, test } from 'vitest';
import { checkSmooth, run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('each example has mean 0 and variance 1', () => {
  const [y] = run([
    nn.layerNorm(
      constant([
        [1, 2, 6],
        [-4, 0, 100],
      ]),
    ),
  ]);
  for (const row of [y.slice(0, 3), y.slice(3)]) {
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(0, 5);
    expect(row.reduce((a, b) => a + b * b, 0) / 3).toBeCloseTo(1, 5);
  }
});

test('variables, shared on request, left out on request', () => {
  const x = placeholder('float32', [null, 4, 3]);
  expect(nn.layerNorm(x).shape).toEqual([null, 4, 3]);
  nn.layerNorm(x, { beginParamsAxis: 1 });
  nn.layerNorm(x, { scope: 'LayerNorm', reuse: true });
  nn.layerNorm(x, { center: false, scale: false });
  expect(trainableVariables().map((v) => [v.op, [...v.shape]])).toEqual([
    ['LayerNorm/beta', [3]],
    ['LayerNorm/gamma', [3]],
    ['LayerNorm_1/beta', [4, 3]],
    ['LayerNorm_1/gamma', [4, 3]],
  ]);
});

test('fixed variables, an activation, and negative axes', () => {
  const x = constant([
    [
      [1, 2],
      [3, 6],
    ],
  ]);
  const y = layers.layerNorm(x, { trainable: false, activationFn: relu, beginNormAxis: -1 });
  expect(trainableVariables()).toHaveLength(0);
  const [values] = run([y]);
  [0, 1, 0, 1].forEach((v, i) => expect(values[i]).toBeCloseTo(v, 5));
});

test('gradients, orders 1 and 2', () => checkSmooth([[2, 3]], ([x]) => nn.layerNorm(x)));

test('errors', () => {
  expect(() => nn.layerNorm(placeholder('float32', [2, null]))).toThrow(
    /^layerNorm: expected axes from 1 on, and known lengths/,
  );
  expect(() => nn.layerNorm(placeholder('float32', [2]))).toThrow(/^layerNorm: expected axes from 1 on/);
});
