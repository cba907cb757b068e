import { type Op, type ReduceAttrs, reduce } from '@tensorloom/graph';
import { axesOf, ndarrays, shapes } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filled, indices, result, run, tensor } from './host.js';

const x = tensor('float32', [
  [1, 2, 3],
  [4, 5, 7],
]);
const over = (axes: readonly number[] | null, keepDims = false): ReduceAttrs => ({ axes, keepDims });
const all: readonly Op<ReduceAttrs>[] = Object.values(reduce);

describe('reductions on the host', () => {
  it('reduce the axes they are told to', () => {
    expect(result(reduce.sum, [x], over([0]))).toEqual([5, 7, 10]);
    expect(result(reduce.sum, [x], over([1], true))).toEqual([[6], [16]]);
    expect(result(reduce.mean, [x], over([1]))).toEqual([2, Math.fround(16 / 3)]);
    expect(result(reduce.max, [x], over([0, 1]))).toBe(7);
    expect(result(reduce.min, [x], over(null))).toBe(1);
    expect(result(reduce.prod, [x], over(null, true))).toEqual([[840]]);
    expect(result(reduce.sum, [x], over([]))).toEqual(x.toArray());
    const b = tensor('bool', [
      [true, false],
      [true, true],
    ]);
    expect(result(reduce.all, [b], over([0]))).toEqual([true, false]);
    expect(result(reduce.any, [b], over([1]))).toEqual([true, true]);
  });

  it('of nothing are the neutral element', () => {
    const none = filled('float32', [0, 2], []);
    expect(result(reduce.sum, [none], over([0]))).toEqual([0, 0]);
    expect(result(reduce.prod, [none], over([0]))).toEqual([1, 1]);
    expect(result(reduce.max, [none], over([0]))).toEqual([-Infinity, -Infinity]);
    expect(result(reduce.min, [none], over([0]))).toEqual([Infinity, Infinity]);
    expect(result(reduce.mean, [none], over([0]))).toEqual([NaN, NaN]);
    expect(result(reduce.max, [filled('int32', [0], [])], over(null))).toBe(-2147483648);
    expect(result(reduce.min, [filled('int32', [0], [])], over(null))).toBe(2147483647);
    expect(result(reduce.all, [filled('bool', [0], [])], over(null))).toBe(true);
    expect(result(reduce.any, [filled('bool', [0], [])], over(null))).toBe(false);
    expect(run(reduce.sum, [none], over([1]))[0].shape).toEqual([0]);
  });

  it('let NaN win', () => {
    const y = tensor('float32', [1, NaN, 2]);
    for (const op of [reduce.sum, reduce.mean, reduce.max, reduce.min, reduce.prod]) {
      expect(result(op, [y], over(null))).toBeNaN();
    }
  });

  it('add floats in double precision and round once; integers wrap', () => {
    expect(result(reduce.sum, [tensor('float32', [2 ** 24, 1, 1])], over(null))).toBe(2 ** 24 + 2);
    expect(result(reduce.mean, [tensor('float32', [2 ** 24, 1, 1])], over(null))).toBe(Math.fround((2 ** 24 + 2) / 3));
    expect(result(reduce.sum, [tensor('int32', [2 ** 31 - 1, 1])], over(null))).toBe(-(2 ** 31));
    expect(result(reduce.prod, [tensor('int32', [65535, 65535])], over(null))).toBe(-131071);
  });

  it('are the elements at each kept index, put together', () => {
    const drawn = shapes().chain((s) => fc.record({ t: ndarrays('int32', s), axes: axesOf(s.length) }));
    fc.assert(
      fc.property(drawn, ({ t, axes }) => {
        const groups = new Map<string, number[]>();
        for (const index of indices(t.shape)) {
          const kept = index.map((k, axis) => (axes.includes(axis) ? 0 : k)).join();
          groups.set(kept, [...(groups.get(kept) ?? []), t.get(...index)]);
        }
        const [sum] = run(reduce.sum, [t], over(axes, true));
        const [max] = run(reduce.max, [t], over(axes, true));
        for (const index of indices(sum.shape)) {
          const group = groups.get(index.join()) ?? [];
          expect(sum.get(...index)).toBe(group.reduce((a, b) => a + b, 0));
          expect(max.get(...index)).toBe(Math.max(-(2 ** 31), ...group));
        }
      }),
    );
  });

  it('keep reduced axes with length 1, or drop them, around the same elements', () => {
    fc.assert(
      fc.property(
        shapes().chain((s) => fc.tuple(fc.constant(s), axesOf(s.length))),
        ([s, axes]) => {
          for (const op of all) {
            const t = filled(
              op === reduce.all || op === reduce.any ? 'bool' : 'float64',
              s,
              indices(s).map((_, i) => i % 2),
            );
            const [dropped] = run(op, [t], over(axes));
            const [kept] = run(op, [t], over(axes, true));
            expect(kept.shape).toEqual(s.map((d, i) => (axes.includes(i) ? 1 : d)));
            expect(dropped.shape).toEqual(s.filter((_, i) => !axes.includes(i)));
            expect(dropped.data).toEqual(kept.data);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
