import { NDArray, shape } from '@tensorloom/graph';
import { axesOf, ndarrays, shapes, shapesBroadcastingTo } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filled, indices, result, run, tensor } from './host.js';

const x23 = tensor('float32', [
  [1, 2, 3],
  [4, 5, 6],
]);
const ints = (...values: number[]): NDArray => filled('int32', [values.length], values);
const total = (values: Iterable<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
const anyTensor = shapes().chain((s) => ndarrays('int32', s));

describe('shape and dim', () => {
  it('say the shape', () => {
    expect(run(shape.shape, [x23], {})).toEqual([ints(2, 3)]);
    expect(run(shape.shape, [tensor('bool', true)], {})).toEqual([ints()]);
    expect(run(shape.dim, [x23], { axis: 1 })).toEqual([tensor('int32', 3)]);
  });
});

describe('reshape, expandDims and squeeze', () => {
  it('keep the elements in order', () => {
    expect(result(shape.reshape, [x23, ints(3, -1)], {})).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(run(shape.reshape, [tensor('bool', [true]), ints()], {})).toEqual([tensor('bool', true)]);
    expect(run(shape.expandDims, [x23], { axes: [0, 3] })[0].shape).toEqual([1, 2, 3, 1]);
    expect(run(shape.squeeze, [filled('int32', [1, 2, 1], [7, 8])], { axes: [0] })).toEqual([
      filled('int32', [2, 1], [7, 8]),
    ]);
  });

  it('throw when the sizes do not agree', () => {
    expect(() => run(shape.reshape, [x23, ints(4, -1)], {})).toThrow(
      'Reshape: cannot view [2,3] (6 elements) as [4,-1].',
    );
    expect(() => run(shape.squeeze, [x23], { axes: [0] })).toThrow(
      'Squeeze: axis 0 of [2,3] has length 2, expected 1.',
    );
  });
});

describe('transpose', () => {
  it('puts the axes in another order', () => {
    expect(result(shape.transpose, [x23], { perm: [1, 0] })).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    const drawn = anyTensor.chain((x) =>
      fc.record({
        x: fc.constant(x),
        perm: fc.shuffledSubarray(
          x.shape.map((_, i) => i),
          { minLength: x.shape.length },
        ),
      }),
    );
    fc.assert(
      fc.property(drawn, ({ x, perm }) => {
        const [y] = run(shape.transpose, [x], { perm });
        expect(y.shape).toEqual(perm.map((axis) => x.shape[axis]));
        for (const index of indices(x.shape)) {
          expect(y.get(...perm.map((axis) => index[axis]))).toBe(x.get(...index));
        }
      }),
    );
  });

  it('throws on a tensor of another rank', () => {
    expect(() => run(shape.transpose, [x23], { perm: [0] })).toThrow(
      'Transpose: expected rank 1 for axes [0], got [2,3].',
    );
  });
});

describe('concat and split, pack and unpack', () => {
  it('join and part along an axis', () => {
    expect(result(shape.concat, [x23, tensor('float32', [[7], [8]])], { axis: 1 })).toEqual([
      [1, 2, 3, 7],
      [4, 5, 6, 8],
    ]);
    expect(result(shape.pack, [ints(1, 2), ints(3, 4)], { axis: 1 })).toEqual([
      [1, 3],
      [2, 4],
    ]);
    const [left, right] = run(shape.split, [x23, ints(1, 2)], { axis: 1, num: 2 });
    expect(left.toArray()).toEqual([[1], [4]]);
    expect(right.toArray()).toEqual([
      [2, 3],
      [5, 6],
    ]);
  });

  const withAxis = shapes({ minRank: 1 }).chain((s) =>
    fc.record({ x: ndarrays('bool', s), axis: fc.nat(s.length - 1), cut: fc.double({ min: 0, max: 1, noNaN: true }) }),
  );

  it('undo each other', () => {
    fc.assert(
      fc.property(withAxis, ({ x, axis, cut }) => {
        const first = Math.floor(cut * x.shape[axis]);
        const parts = run(shape.split, [x, ints(first, x.shape[axis] - first)], { axis, num: 2 });
        expect(run(shape.concat, parts, { axis })).toEqual([x]);
        const rows = run(shape.unpack, [x], { axis, num: x.shape[axis] });
        if (rows.length > 0) expect(run(shape.pack, rows, { axis })).toEqual([x]);
      }),
    );
  });

  it('throw when lengths do not agree', () => {
    expect(() => run(shape.concat, [x23, tensor('float32', [1])], { axis: 0 })).toThrow(
      'ConcatV2: shapes [2,3], [1] differ outside axis 0, expected equal ones there.',
    );
    expect(() => run(shape.pack, [ints(1), ints(1, 2)], { axis: 0 })).toThrow('Pack: shapes [1], [2] differ.');
    expect(() => run(shape.unpack, [x23], { axis: 0, num: 3 })).toThrow('axis 0 of [2,3] has length 2, expected 3');
    expect(() => run(shape.split, [x23, ints(1, 1)], { axis: 1, num: 2 })).toThrow('do not add up to the 3 of axis 1');
    expect(() => run(shape.split, [x23, ints(4, -1)], { axis: 1, num: 2 })).toThrow(
      'SplitV: expected sizes from 0, got 4, -1.',
    );
  });
});

describe('slice and pad', () => {
  it('cut out a block, to the end for -1', () => {
    expect(result(shape.slice, [x23, ints(0, 1), ints(2, -1)], {})).toEqual([
      [2, 3],
      [5, 6],
    ]);
    expect(run(shape.slice, [x23, ints(1, 3), ints(1, 0)], {})[0].shape).toEqual([1, 0]);
  });

  it('surround with zeros', () => {
    expect(result(shape.pad, [ints(1, 2), filled('int32', [1, 2], [1, 2])], {})).toEqual([0, 1, 2, 0, 0]);
  });

  it('undo each other', () => {
    const drawn = anyTensor.chain((x) =>
      fc.record({ x: fc.constant(x), paddings: ndarrays('int32', [x.shape.length, 2], { min: 0, max: 3 }) }),
    );
    fc.assert(
      fc.property(drawn, ({ x, paddings }) => {
        const [padded] = run(shape.pad, [x, paddings], {});
        const before = x.shape.map((_, axis) => paddings.get(axis, 0));
        expect(run(shape.slice, [padded, ints(...before), ints(...x.shape)], {})).toEqual([x]);
        expect(total(padded.data)).toBe(total(x.data));
      }),
    );
  });

  it('throw when the block does not lie in x, and on negative paddings', () => {
    expect(() => run(shape.slice, [x23, ints(0, 2), ints(1, 2)], {})).toThrow(
      'Slice: the block from 2 of length 2 does not lie in axis 1 of [2,3].',
    );
    expect(() => run(shape.slice, [x23, ints(0), ints(1, 1)], {})).toThrow(
      'Slice: expected a begin for each axis of [2,3], got [0].',
    );
    expect(() => run(shape.pad, [ints(1, 2), filled('int32', [1, 2], [3, -1])], {})).toThrow(
      'Pad: expected paddings from 0, got 3, -1.',
    );
  });
});

describe('reverse', () => {
  it('turns axes around', () => {
    expect(result(shape.reverse, [x23], { axes: [1] })).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
    const drawn = anyTensor.chain((x) => fc.record({ x: fc.constant(x), axes: axesOf(x.shape.length) }));
    fc.assert(
      fc.property(drawn, ({ x, axes }) => {
        const [y] = run(shape.reverse, [x], { axes });
        for (const index of indices(x.shape)) {
          const mirrored = index.map((k, axis) => (axes.includes(axis) ? x.shape[axis] - 1 - k : k));
          expect(y.get(...mirrored)).toBe(x.get(...index));
        }
      }),
    );
  });
});

describe('broadcastTo and sumTo', () => {
  it('repeat, and sum what was repeated', () => {
    expect(result(shape.broadcastTo, [tensor('int32', [[1], [2]]), ints(2, 2)], {})).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(result(shape.sumTo, [x23, ints(3)], {})).toEqual([5, 7, 9]);
    expect(result(shape.sumTo, [x23, ints(2, 1)], {})).toEqual([[6], [15]]);
    expect(result(shape.sumTo, [tensor('float32', [[]]), ints()], {})).toBe(0);
  });

  it('are transposes of each other', () => {
    const drawn = shapes().chain((to) =>
      shapesBroadcastingTo(to).chain((from) => fc.tuple(ndarrays('int32', from), ndarrays('int32', to))),
    );
    const dot = (a: NDArray, b: NDArray): number => total(Array.from(a.data, (v, i) => v * b.data[i]));
    fc.assert(
      fc.property(drawn, ([x, y]) => {
        const [wide] = run(shape.broadcastTo, [x, ints(...y.shape)], {});
        const [narrow] = run(shape.sumTo, [y, ints(...x.shape)], {});
        expect(dot(wide, y)).toBe(dot(x, narrow));
      }),
    );
  });

  it('throw when the shapes do not broadcast', () => {
    expect(() => run(shape.broadcastTo, [x23, ints(3)], {})).toThrow('BroadcastTo: [2,3] does not broadcast to [3].');
    expect(() => run(shape.sumTo, [x23, ints(2)], {})).toThrow(
      'SumTo: expected a shape that broadcasts to [2,3], got [2].',
    );
  });
});
