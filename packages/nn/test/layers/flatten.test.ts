import { NDArray, placeholder, resetDefaultGraph, shapeOf } from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { beforeEach, expect, test } from 'vitest';
import { checkSmooth, run } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('all axes but the first become one', () => {
  expect(layers.flatten(placeholder('float32', [2, 3, 4])).shape).toEqual([2, 12]);
  expect(layers.flatten(placeholder('float32', [null, 3, 4])).shape).toEqual([null, 12]);
  expect(layers.flatten(placeholder('float32', [null, null, 4])).shape).toEqual([null, null]);
  expect(layers.flatten(placeholder('float32', [null])).shape).toEqual([null, 1]);
});

test.each([
  [
    [2, 1, 2],
    [2, 2],
  ],
  [
    [0, 3, 2],
    [0, 6],
  ],
  [
    [2, 0, 3],
    [2, 0],
  ],
])('%j becomes %j when only a run knows it', (shape, flat) => {
  const x = placeholder('float32', [null, null, null]);
  const y = layers.flatten(x);
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: size }, (_, i) => i);
  const [values, dims] = run([y, shapeOf(y)], [[x, new NDArray('float32', shape, data)]]);
  expect(values).toEqual([...data]);
  expect(dims).toEqual(flat);
});

test('gradients, orders 1 and 2', () => checkSmooth([[2, 2, 2]], ([x]) => layers.flatten(x).square()));

test('scalars are refused', () => {
  expect(() => layers.flatten(1)).toThrow('flatten: expected inputs [batch, ...] of known rank, got float32[].');
});
