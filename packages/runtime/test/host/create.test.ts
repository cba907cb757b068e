import { type DType, NDArray, create } from '@tensorloom/graph';
import { describe, expect, it } from 'vitest';
import { filled, result, run, tensor } from './host.js';

const ints = (...values: number[]): NDArray => filled('int32', [values.length], values);

describe('fill on the host', () => {
  it('repeats one value', () => {
    expect(run(create.fill, [ints(2, 1), tensor('bool', true)], {})).toEqual([tensor('bool', [[true], [true]])]);
    expect(run(create.fill, [ints(), tensor('float64', 0.1)], {})).toEqual([tensor('float64', 0.1)]);
    expect(run(create.fill, [ints(2, 0), tensor('int32', 1)], {})[0].shape).toEqual([2, 0]);
  });

  it('throws on a negative length', () => {
    expect(() => run(create.fill, [ints(2, -1), tensor('int32', 1)], {})).toThrow(
      'Fill: expected a shape of integers from 0, got [2,-1].',
    );
  });
});

describe('range on the host', () => {
  const range = (dtype: DType, start: number, limit: number, delta: number) =>
    result(
      create.range,
      [start, limit, delta].map((v) => tensor(dtype, v)),
      { dtype },
    );

  it('counts up or down to before the limit', () => {
    expect(range('int32', 0, 4, 1)).toEqual([0, 1, 2, 3]);
    expect(range('int32', 1, 6, 2)).toEqual([1, 3, 5]);
    expect(range('int32', 2, -2, -1)).toEqual([2, 1, 0, -1]);
    expect(range('float32', 0, 1, 0.25)).toEqual([0, 0.25, 0.5, 0.75]);
  });

  it('is empty when the limit lies behind', () => {
    expect(range('int32', 3, 3, 1)).toEqual([]);
    expect(range('float64', 3, 0, 1)).toEqual([]);
  });

  it('throws on a step of 0', () => {
    expect(() => range('int32', 0, 3, 0)).toThrow('Range: delta is 0, expected another step.');
  });
});

describe('oneHot on the host', () => {
  const on = tensor('float32', 5);
  const off = tensor('float32', -1);
  const indices = ints(2, 0, -1, 3);

  it('puts the new axis where it is told', () => {
    expect(result(create.oneHot, [indices, tensor('int32', 3), on, off], { axis: 1 })).toEqual([
      [-1, -1, 5],
      [5, -1, -1],
      [-1, -1, -1],
      [-1, -1, -1],
    ]);
    expect(result(create.oneHot, [indices, tensor('int32', 3), on, off], { axis: 0 })).toEqual([
      [-1, 5, -1, -1],
      [-1, -1, -1, -1],
      [5, -1, -1, -1],
    ]);
    const middle = run(create.oneHot, [tensor('int32', [[0, 1]]), tensor('int32', 2), on, off], { axis: 1 })[0];
    expect(middle.toArray()).toEqual([
      [
        [5, -1],
        [-1, 5],
      ],
    ]);
  });

  it('takes a scalar index and any dtype', () => {
    const [yes, no] = [tensor('bool', true), tensor('bool', false)];
    expect(result(create.oneHot, [tensor('int32', 1), tensor('int32', 2), yes, no], { axis: 0 })).toEqual([
      false,
      true,
    ]);
    expect(run(create.oneHot, [tensor('int32', 1), tensor('int32', 0), yes, no], { axis: 0 })[0].shape).toEqual([0]);
  });
});
