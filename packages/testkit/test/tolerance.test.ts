import { NDArray, elementwise, reduce } from '@tensorloom/graph';
import { describe, expect, it } from 'vitest';
import { compareTensors, toleranceOf } from '../src/tolerance.js';

const floats = (...values: number[]): NDArray => new NDArray('float32', [values.length], Float32Array.from(values));
const tolerance = { rtol: 0.1, atol: 1 };

describe('compareTensors', () => {
  it('gives the largest error in units of the tolerance', () => {
    expect(compareTensors(floats(10, 20), floats(10, 20), tolerance)).toBe(0);
    expect(compareTensors(floats(10, 20), floats(11, 18.5), tolerance)).toBeCloseTo(0.5, 12);
  });

  it('throws naming the worst element', () => {
    expect(() => compareTensors(floats(10, 20, 30), floats(13, 30, 30), tolerance)).toThrow(
      'element 1 of [3]: expected 20, got 30.',
    );
  });

  it('takes special numbers for themselves only', () => {
    const exact = { rtol: 0, atol: 0 };
    expect(compareTensors(floats(NaN, Infinity, -0), floats(NaN, Infinity, 0), exact)).toBe(0);
    for (const [e, g] of [
      [NaN, 0],
      [0, NaN],
      [Infinity, -Infinity],
      [Infinity, 1],
      [1, Infinity],
    ]) {
      expect(() => compareTensors(floats(e), floats(g), tolerance)).toThrow(/element 0/);
    }
  });

  it('throws when dtypes or shapes differ', () => {
    const row = new NDArray('float32', [1, 2], Float32Array.of(1, 2));
    const ints = new NDArray('int32', [2], Int32Array.of(1, 2));
    expect(() => compareTensors(row, floats(1, 2), tolerance)).toThrow('expected float32[1,2], got float32[2].');
    expect(() => compareTensors(ints, floats(1, 2), tolerance)).toThrow('expected int32[2], got float32[2].');
  });
});

describe('toleranceOf', () => {
  it('is exact for integers and booleans whatever is asked', () => {
    expect(toleranceOf(elementwise.add, 'int32', { rtol: 1 })).toEqual({ rtol: 0, atol: 0 });
    expect(toleranceOf(elementwise.less, 'bool', { rtol: 1 })).toEqual({ rtol: 0, atol: 0 });
  });

  it("is the dtype's, unless the op or the caller says otherwise", () => {
    expect(toleranceOf(elementwise.add, 'float32')).toEqual({ rtol: 1.3e-6, atol: 1e-5 });
    expect(toleranceOf(reduce.prod, 'float32')).toEqual({ rtol: 1e-5, atol: 1e-5 });
    expect(toleranceOf(reduce.prod, 'float64')).toEqual({ rtol: 1e-7, atol: 1e-7 });
    expect(toleranceOf(reduce.prod, 'float32', { rtol: 1e-4 })).toEqual({ rtol: 1e-4, atol: 1e-5 });
  });
});
