import { NDArray, constant, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { type Padding, windowsOf } from '../src/windows.js';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

const axis = fc.record({
  length: fc.integer({ min: 1, max: 6 }),
  size: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
});

/** Which elements windows see at position p along one axis; -1 is padding. TensorFlow's documentation of its padding schemes. */
function seen(
  { length, size, stride, dilation }: { length: number; size: number; stride: number; dilation: number },
  padding: Padding,
): number[][] {
  const reach = (size - 1) * dilation + 1;
  const count = padding === 'SAME' ? Math.ceil(length / stride) : Math.max(0, Math.ceil((length - reach + 1) / stride));
  const before = padding === 'SAME' ? Math.floor(Math.max(0, (count - 1) * stride + reach - length) / 2) : 0;
  return Array.from({ length: size }, (_, p) =>
    Array.from({ length: count }, (__, w) => {
      const at = w * stride + p * dilation - before;
      return at >= 0 && at < length ? at : -1;
    }),
  );
}

test('each element list has what all windows see at one position, whatever is known of the shape', () => {
  fc.assert(
    fc.property(
      axis,
      axis,
      fc.constantFrom<Padding>('SAME', 'VALID'),
      fc.boolean(),
      (rows, columns, padding, known) => {
        resetDefaultGraph();
        const fits = [rows, columns].every((a) => a.length > (a.size - 1) * a.dilation);
        fc.pre(padding === 'SAME' || fits || !known);
        const shape = [1, rows.length, columns.length, 1];
        const data = Float64Array.from({ length: rows.length * columns.length }, (_, i) => i);
        const x = placeholder('float64', known ? shape : [null, null, null, null]);
        const axes = [rows, columns];
        const { elements } = windowsOf(
          'f',
          x,
          {
            size: axes.map((a) => a.size),
            strides: axes.map((a) => a.stride),
            dilations: axes.map((a) => a.dilation),
            padding,
          },
          -Infinity,
        );
        const [down, across] = axes.map((a) => seen(a, padding));
        const expected = down.flatMap((is) =>
          across.map((js) => is.flatMap((i) => js.map((j) => (i < 0 || j < 0 ? -Infinity : i * columns.length + j)))),
        );
        if (known) elements.forEach((e) => expect(e.shape).toEqual([1, down[0].length, across[0].length, 1]));
        expect(run(elements, [[x, new NDArray('float64', shape, data)]])).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

test('errors', () => {
  const options = { size: [3], strides: [1], dilations: [2], padding: 'VALID' as const };
  expect(() => windowsOf('f', constant([1]), options)).toThrow(
    'f: expected 3 axes [batch, ...spatial, channels], got float32[1].',
  );
  expect(() => windowsOf('f', placeholder('float32', [1, 4, 1]), options)).toThrow(
    "f: a window of length 5 does not fit axis 1 of float32[1,4,1]. Use padding 'SAME'.",
  );
  const padding: string = 'same';
  expect(() => windowsOf('f', placeholder('float32', [1, 9, 1]), { ...options, padding: padding as Padding })).toThrow(
    "f: expected padding 'SAME' or 'VALID', got 'same'.",
  );
});
