import { NDArray, check, toTypedArray, type DType } from '@tensorloom/graph';
import { expect, test } from 'vitest';
import { checkKernels, nonFinite, showValues } from '../../src/host/check.js';

const array = (dtype: DType, shape: readonly number[], data: readonly number[]): NDArray =>
  new NDArray(dtype, shape, toTypedArray(dtype, data));
const counting = (...shape: number[]): NDArray => {
  const size = shape.reduce((a, b) => a * b, 1);
  return array(
    'int32',
    shape,
    Array.from({ length: size }, (_, i) => i),
  );
};

test('nonFinite tells NaN from infinity', () => {
  expect(nonFinite(Float32Array.of(1, -2, 0))).toBeNull();
  expect(nonFinite(new Float64Array(0))).toBeNull();
  expect(nonFinite(Float32Array.of(1, NaN))).toBe('NaN');
  expect(nonFinite(Float64Array.of(-Infinity, 1))).toBe('Inf');
  expect(nonFinite(Float32Array.of(Infinity, NaN))).toBe('NaN and Inf');
});

// What TensorFlow 2.21's tf.compat.v1.Print writes to the error output.
test.each([
  [array('float32', [4], [1, 2.5, 3, 4]), 3, '[1 2.5 3...]'],
  [array('float32', [2, 2], [1, 2, 3, 4]), 3, '[[1 2][3...]...]'],
  [array('float32', [2, 2], [1, 2, 3, 4]), null, '[[1 2][3 4]]'],
  [array('float32', [2, 3], [1, 2, 7, 3, 4, 8]), 4, '[[1 2 7][3...]...]'],
  [array('float32', [], [5]), 3, '[5]'],
  [array('bool', [2], [1, 0]), 3, '[1 0]'],
  [array('float32', [0], []), 3, '[]'],
  [counting(2, 2, 2), 3, '[[[0 1][2...]]...]'],
  [counting(2, 2, 2), 100, '[[[0 1][2 3]][[4 5][6 7]]]'],
])('showValues shows %s, %s elements of it', (x, limit, shown) => {
  expect(showValues([x], limit)).toBe(shown);
});

test('showValues shows several values after each other, floats by their own digits', () => {
  expect(showValues([array('float32', [2], [0.1, NaN]), array('float64', [1], [0.1 + 0.2])], 2)).toBe(
    '[0.1 NaN][0.30000000000000004]',
  );
});

test('an assertion fails with its message and values', () => {
  const [op, run] = checkKernels[0];
  expect(op).toBe(check.assert);
  const attrs = { message: 'x > 0', summarize: 2 };
  const [yes, no] = [array('bool', [2], [1, 1]), array('bool', [2], [1, 0])];
  expect(run([yes], attrs)).toEqual([]);
  expect(run([array('bool', [0], [])], attrs)).toEqual([]);
  expect(() => run([no, counting(5), counting(1)], attrs)).toThrow(new Error('Assert: x > 0 [0 1...][0]'));
  expect(() => run([no], attrs)).toThrow(new Error('Assert: x > 0'));
});
