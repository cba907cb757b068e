import { shapes, shapesBroadcastingTo } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broadcastStrides, offsetsOf, stridesOf } from '../../src/host/broadcast.js';
import { indices } from './host.js';

describe('stridesOf', () => {
  it('is the distance between neighbours along each axis', () => {
    expect(stridesOf([])).toEqual([]);
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
  });
});

describe('offsetsOf', () => {
  it('counts up with the strides of the shape itself', () => {
    fc.assert(
      fc.property(shapes(), (shape) => {
        const offsets = Array.from(offsetsOf(shape, stridesOf(shape)));
        expect(offsets).toEqual(offsets.map((_, i) => i));
        expect(offsets).toHaveLength(indices(shape).length);
      }),
    );
  });

  it('is the start plus index times stride', () => {
    const anyStrides = shapes().chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        strides: fc.tuple(...shape.map(() => fc.integer({ min: -9, max: 9 }))),
        start: fc.nat(99),
      }),
    );
    fc.assert(
      fc.property(anyStrides, ({ shape, strides, start }) => {
        const expected = indices(shape).map((index) => index.reduce((sum, k, axis) => sum + k * strides[axis], start));
        expect(Array.from(offsetsOf(shape, strides, start))).toEqual(expected);
      }),
    );
  });
});

describe('broadcastStrides', () => {
  it('reads axes of length 1, and those it lacks, again and again', () => {
    expect(broadcastStrides([3, 1], [2, 3, 4])).toEqual([0, 1, 0]);
    const pairs = shapes().chain((to) => shapesBroadcastingTo(to).map((from) => ({ from, to })));
    fc.assert(
      fc.property(pairs, ({ from, to }) => {
        const strides = stridesOf(from);
        const expected = indices(to).map((index) =>
          index
            .slice(to.length - from.length)
            .reduce((sum, k, axis) => sum + (from[axis] === 1 ? 0 : k) * strides[axis], 0),
        );
        expect(Array.from(offsetsOf(to, broadcastStrides(from, to)))).toEqual(expected);
      }),
    );
  });
});
