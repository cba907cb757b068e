import { sizeOf } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Broadcast, broadcast, broadcastShape } from '../src/broadcast.js';
import { broadcastShapesOf, indexInOperand } from './support.js';

/** The element of operand `k` that each element of the output meets, by walking the plan as a kernel does. */
function walk({ outer, outerStrides, rows, columns, strides, access }: Broadcast, k: number): number[] {
  const starts = outer.reduce<number[]>(
    (from, length, axis) => from.flatMap((s) => Array.from({ length }, (_, i) => s + i * outerStrides[k][axis])),
    [0],
  );
  return starts.flatMap((start) =>
    Array.from({ length: rows * columns }, (_, i) => {
      const column = i % columns;
      return start + Math.floor(i / columns) * strides[k] + (access[k] === 'vector' ? column : 0);
    }),
  );
}

describe('broadcast', () => {
  it('walks each operand as NumPy would', () => {
    fc.assert(
      fc.property(broadcastShapesOf(3), ({ shape, operands }) => {
        const plan = broadcast(broadcastShape('Op', operands), operands);
        expect(plan.shape).toEqual(shape);
        expect(plan.size).toBe(sizeOf(shape));
        operands.forEach((operand, k) => {
          expect(walk(plan, k)).toEqual(Array.from({ length: plan.size }, (_, i) => indexInOperand(i, shape, operand)));
        });
      }),
    );
  });

  it('merges axes: equal shapes are one row, a bias is the same row for each', () => {
    expect(
      broadcast(
        [2, 3, 4],
        [
          [2, 3, 4],
          [2, 3, 4],
        ],
      ),
    ).toMatchObject({ rows: 1, columns: 24, outer: [] });
    expect(broadcast([2, 3, 4], [[2, 3, 4], [4]])).toMatchObject({ rows: 6, columns: 4, strides: [4, 0], outer: [] });
    expect(broadcast([2, 3, 4], [[2, 3, 4], []])).toMatchObject({ rows: 1, columns: 24, access: ['vector', 'splat'] });
    expect(
      broadcast(
        [2, 3, 4],
        [
          [2, 3, 4],
          [2, 1, 1],
        ],
      ),
    ).toMatchObject({ rows: 2, columns: 12, access: ['vector', 'splat'], strides: [12, 1] });
  });
});

describe('broadcastShape', () => {
  it('throws when shapes clash', () => {
    expect(() => broadcastShape('Op', [[2], [3]])).toThrow(
      new RangeError(
        'Op: shapes [2] and [3] do not broadcast. From the last axis backwards, lengths must be equal or 1.',
      ),
    );
  });
});
