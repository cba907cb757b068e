import { NDArray, constant, placeholder, resetDefaultGraph, shapeOf } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { checkSmooth, run } from './support.js';

beforeEach(() => resetDefaultGraph());

test.each(['SAME', 'VALID'] as const)('gradients, orders 1 and 2, %s', (padding) => {
  checkSmooth(
    [
      [1, 4, 3, 2],
      [2, 2, 2, 1],
    ],
    ([x, k]) => nn.conv2d(x, k, [1, 2, 1, 1], padding),
  );
  checkSmooth(
    [
      [2, 5, 1],
      [3, 1, 2],
    ],
    ([x, k]) => nn.conv1d(x, k, 1, padding, { dilations: 2 }),
  );
  checkSmooth(
    [
      [1, 2, 3, 2, 1],
      [2, 2, 1, 1, 2],
    ],
    ([x, k]) => nn.conv3d(x, k, 1, padding),
  );
});

test('static shapes, and unknown ones', () => {
  const k = placeholder('float32', [3, 3, 2, 4]);
  const x = (...shape: (number | null)[]) => placeholder('float32', shape);
  expect(nn.conv2d(x(null, 8, 9, 2), k, 2, 'SAME').shape).toEqual([null, 4, 5, 4]);
  expect(nn.conv2d(x(5, 8, 9, 2), k, [2, 1], 'VALID').shape).toEqual([5, 3, 7, 4]);
  expect(nn.conv2d(x(5, null, null, 2), k, 1, 'SAME').shape).toEqual([5, null, null, 4]);
  const cubes = placeholder('float32', [2, 2, 2, 2, 4]);
  expect(nn.conv3d(x(null, 6, null, 5, 2), cubes, [1, 2, 1, 1, 1], 'SAME').shape).toEqual([null, 3, null, 5, 4]);
  expect(nn.conv2d(x(null, null, null, null), k, [3], 'VALID').shape).toEqual([null, null, null, 4]);
});

test('lengths that only a run knows, shorter than a window or empty among them', () => {
  const x = placeholder('float64', [null, null, null]);
  const feed = (length: number) =>
    [[x, new NDArray('float64', [2, length, 1], new Float64Array(2 * length).fill(1))]] as const;
  const k = constant(1, { shape: [3, 1, 1], dtype: 'float64' });
  const [valid, same] = (['VALID', 'SAME'] as const).map((padding) => nn.conv1d(x, k, 2, padding));
  expect([0, 1, 2, 3, 4, 5].map((n) => run([shapeOf(valid), shapeOf(same)], feed(n)))).toEqual(
    [0, 1, 2, 3, 4, 5].map((n) => [
      [2, Math.max(0, Math.ceil((n - 2) / 2)), 1],
      [2, Math.ceil(n / 2), 1],
    ]),
  );
  expect(() => run([same], [[x, new NDArray('float64', [1, 3, 2], new Float64Array(6))]])).toThrow();
});

test('is what plain loops give', () => {
  const sizes = fc.record({
    length: fc.integer({ min: 1, max: 7 }),
    size: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 4 }),
    dilation: fc.integer({ min: 1, max: 2 }),
  });
  const cases = sizes.chain((s) =>
    fc.tuple(fc.constant(s), ndarrays('float64', [1, s.length, 2]), ndarrays('float64', [s.size, 2, 1])),
  );
  fc.assert(
    fc.property(cases, ([{ length, size, stride, dilation }, x, k]) => {
      resetDefaultGraph();
      const count = Math.ceil(length / stride);
      const padding = Math.max(0, (count - 1) * stride + (size - 1) * dilation + 1 - length);
      const before = Math.floor(padding / 2);
      const expected = Array.from({ length: count }, (_, window) => {
        let sum = 0;
        for (let p = 0; p < size; p++) {
          const at = window * stride + p * dilation - before;
          for (let c = 0; c < 2; c++) if (at >= 0 && at < length) sum += x.data[2 * at + c] * k.data[2 * p + c];
        }
        return sum;
      });
      const [y] = run([nn.conv1d(constant(x), constant(k), stride, 'SAME', { dilations: dilation })]);
      expect(y).toHaveLength(count);
      y.forEach((v, i) => expect(v).toBeCloseTo(expected[i], 9));
    }),
    { numRuns: 40 },
  );
});

test('a sum over a window', () => {
  const ones = [[[1]], [[1]], [[1]]];
  expect(
    run([nn.conv1d([[[1], [2], [3], [4]]], ones, 1, 'SAME'), nn.conv1d([[[1], [2], [3], [4]]], ones, 1, 'VALID')]),
  ).toEqual([
    [3, 6, 9, 7],
    [6, 9],
  ]);
});

test('errors', () => {
  const x = placeholder('float32', [1, 2, 2, 3]);
  const k = placeholder('float32', [3, 3, 3, 1]);
  expect(() => nn.conv2d(x, k, 1, 'VALID')).toThrow(
    /^conv2d: a window of length 3 does not fit axis 1 of float32\[1,2,2,3\]/,
  );
  expect(() => nn.conv2d(x, placeholder('float32', [3, 3, 2, 1]), 1, 'SAME')).toThrow(
    /^conv2d: the filters take 2 channels, got 3/,
  );
  expect(() => nn.conv2d(x, placeholder('float32', [3, null, 3, 1]), 1, 'SAME')).toThrow(
    /^conv2d: expected filters of known shape/,
  );
  expect(() => nn.conv2d(x, k, [1, 2, 2, 2], 'SAME')).toThrow(/^conv2d: expected strides as a positive integer/);
  expect(() => nn.conv1d(x, placeholder('float32', [3, 3, 1]), 1, 'SAME')).toThrow(
    /^conv1d: expected 3 axes \[batch, \.\.\.spatial, channels\]/,
  );
});
