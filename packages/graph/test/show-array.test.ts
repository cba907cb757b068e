import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DType, toTypedArray } from '../src/dtype.js';
import { sizeOf } from '../src/shape.js';
import { shortestFloat32, showArray } from '../src/show-array.js';

const show = (dtype: DType, shape: readonly number[], data: readonly number[]): string =>
  showArray(dtype, shape, toTypedArray(dtype, data));
const vector = (dtype: DType, ...data: number[]): string => show(dtype, [data.length], data);

describe('as NumPy 1.26 and 2 print it: str(np.array(...))', () => {
  test('floats line up at their points, as short as they read back', () => {
    expect(show('float32', [1, 5], [-0.0664006, 0.9625767, 0.68105793, 0.7091854, -0.898216])).toBe(
      '[[-0.0664006   0.9625767   0.68105793  0.7091854  -0.898216  ]]',
    );
    expect(vector('float32', 0.5, 1, 2)).toBe('[0.5 1.  2. ]');
    expect(vector('float64', 0.1 + 0.2)).toBe('[0.3]');
    expect(vector('float32', -0, 1)).toBe('[-0.  1.]');
  });

  test('eight decimals at most; of two as near, the even one', () => {
    expect(vector('float64', 1 / 512, 3 / 512)).toBe('[0.00195312 0.00585938]');
    expect(vector('float64', 1 / 3, 2 / 3)).toBe('[0.33333333 0.66666667]');
    expect(vector('float32', 2.11328125)).toBe('[2.1132812]');
  });

  test('exponents where sizes differ a thousandfold, or are large or small', () => {
    expect(vector('float32', 1e-3, 2500)).toBe('[1.0e-03 2.5e+03]');
    expect(vector('float64', 1 / 3, 2 / 3, 1e5 / 3)).toBe('[3.33333333e-01 6.66666667e-01 3.33333333e+04]');
    expect(vector('float32', 1e10, 1)).toBe('[1.e+10 1.e+00]');
    expect(vector('float32', 1e-5)).toBe('[1.e-05]');
    expect(vector('float32', 0.001, 1)).toBe('[0.001 1.   ]');
    expect(vector('float64', 1e100, -1)).toBe('[ 1.e+100 -1.e+000]');
  });

  test('what is not finite', () => {
    expect(show('float32', [2, 2], [NaN, -1.25, Infinity, 3])).toBe('[[  nan -1.25]\n [  inf  3.  ]]');
    expect(vector('float32', NaN, 1, -Infinity)).toBe('[ nan   1. -inf]');
    expect(vector('float32', NaN)).toBe('[nan]');
  });

  test('integers and booleans are as wide as the widest', () => {
    expect(vector('int32', 1, -20, 300)).toBe('[  1 -20 300]');
    expect(show('bool', [1, 2], [1, 0])).toBe('[[ True False]]');
  });

  test('rows that are too long go on in the next line', () => {
    expect(vector('float32', ...Array.from({ length: 24 }, (_, i) => i * 1.5))).toBe(
      '[ 0.   1.5  3.   4.5  6.   7.5  9.  10.5 12.  13.5 15.  16.5 18.  19.5\n 21.  22.5 24.  25.5 27.  28.5 30.  31.5 33.  34.5]',
    );
  });

  test('matrices are set apart by an empty line', () => {
    const data = Array.from({ length: 12 }, (_, i) => -1 + (2 * i) / 11);
    expect(show('float32', [2, 3, 2], data)).toBe(
      '[[[-1.         -0.8181818 ]\n  [-0.6363636  -0.45454547]\n  [-0.27272728 -0.09090909]]\n\n' +
        ' [[ 0.09090909  0.27272728]\n  [ 0.45454547  0.6363636 ]\n  [ 0.8181818   1.        ]]]',
    );
  });

  test('more than a thousand elements are cut to the ends of each axis', () => {
    const data = Array.from({ length: 3000 }, (_, i) => i);
    expect(show('int32', [30, 100], data)).toBe(
      '[[   0    1    2 ...   97   98   99]\n [ 100  101  102 ...  197  198  199]\n [ 200  201  202 ...  297  298  299]\n ...\n' +
        ' [2700 2701 2702 ... 2797 2798 2799]\n [2800 2801 2802 ... 2897 2898 2899]\n [2900 2901 2902 ... 2997 2998 2999]]',
    );
    expect(show('float32', [2, 2, 300], new Array<number>(1200).fill(0))).toBe(
      '[[[0. 0. 0. ... 0. 0. 0.]\n  [0. 0. 0. ... 0. 0. 0.]]\n\n [[0. 0. 0. ... 0. 0. 0.]\n  [0. 0. 0. ... 0. 0. 0.]]]',
    );
  });

  test('scalars, and nothing', () => {
    const scalar = (dtype: DType, v: number): string => show(dtype, [], [v]);
    expect([1, 0.1, 1e-5, 1e20, NaN, -Infinity, -0].map((v) => scalar('float32', v))).toEqual([
      '1.0',
      '0.1',
      '1e-05',
      '1e+20',
      'nan',
      '-inf',
      '-0.0',
    ]);
    expect(scalar('float64', 1.5e-7)).toBe('1.5e-07');
    expect(scalar('float64', 1 / 3)).toBe('0.3333333333333333');
    expect([scalar('int32', -7), scalar('bool', 1), scalar('bool', 0)]).toEqual(['-7', 'True', 'False']);
    expect(show('float32', [0, 3], [])).toBe('[]');
  });
});

test('every number is there, in order', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(shapes, fc.infiniteStream(fc.float({ noNaN: true, noDefaultInfinity: true })), (shape, stream) => {
      const data = [...stream.take(sizeOf(shape))];
      const shown = show('float32', shape, data)
        .split(/[[\]\s]+/)
        .filter((word) => word !== '')
        .map(Number);
      expect(shown).toHaveLength(data.length);
      shown.forEach((v, i) =>
        expect(Math.abs(v - data[i])).toBeLessThanOrEqual(Math.max(1e-8, Math.abs(data[i]) * 1e-7)),
      );
    }),
  );
});

test('shortestFloat32 reads back as the same float32, in nine digits at most', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true }), (v) => {
      const short = shortestFloat32(v);
      expect(Math.fround(short)).toBe(v);
      if (Number.isFinite(v))
        expect(short.toExponential().split('e')[0].replace(/\D/g, '').length).toBeLessThanOrEqual(9);
    }),
  );
  expect([0.1, 16777216, 1e-45].map(Math.fround).map(shortestFloat32)).toEqual([0.1, 16777216, 1e-45]);
  expect(shortestFloat32(NaN)).toBeNaN();
});
