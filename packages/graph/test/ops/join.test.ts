import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Dim,
  concat,
  constant,
  dimOf,
  placeholder,
  resetDefaultGraph,
  shapeOf,
  split,
  splitBy,
  stack,
  unstack,
  zeros,
} from '../../src/index.js';
import { int, messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

/** A shape of rank 1 to 4, and one of its axes, from either end. */
const placed = fc
  .array(fc.option(fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 4 })
  .chain((shape) => fc.tuple(fc.constant(shape), fc.integer({ min: -shape.length, max: shape.length - 1 })));
const replaced = (shape: readonly Dim[], axis: number, dim: Dim): Dim[] =>
  shape.map((d, i) => (i === (axis + shape.length) % shape.length ? dim : d));

describe('concat', () => {
  test('adds lengths along its axis', () => {
    fc.assert(
      fc.property(
        placed,
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
        ([shape, axis], lengths) => {
          const joined = concat(
            lengths.map((n) => x(replaced(shape, axis, n))),
            axis,
          );
          expect(joined.shape).toEqual(
            replaced(
              shape,
              axis,
              lengths.reduce((a, b) => a + b),
            ),
          );
        },
      ),
    );
  });

  test('one tensor is itself; numbers take the dtype of the others', () => {
    const t = x([2]);
    expect(concat([t], 0)).toBe(t);
    expect(concat([t, t], -1).name).toBe('concat:0');
    expect(specs(concat([[1, 2], x([3], 'int32')], 0), concat([x(undefined), x([2, 3])], 1))).toEqual([
      'int32[5]',
      'float32[2,?]',
    ]);
  });

  test('known elements stay known', () => {
    expect(concat([shapeOf(x([null, 2])), [5]], 0).value).toEqual([null, 2, 5]);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => concat([x([2, 3]), x([2, 4])], 0))).toBe(
      'ConcatV2: shapes [2,3], [2,4] differ outside axis 0, expected equal ones there. Pad or reshape, or join along another axis.\n' +
        "  node:    'concat' = ConcatV2(x:0 float32[2,3], x_1:0 float32[2,4])\n" +
        '  made at: join.test.ts:LINE',
    );
    expect(() => concat([x([2]), x([2, 1])], 0)).toThrow('differ outside axis 0');
    expect(() => concat([x([2]), x([2], 'int32')], 0)).toThrow(
      'ConcatV2: operands differ in dtype: float32, int32. Use cast().',
    );
    expect(() => concat([x([2])], 1)).toThrow('ConcatV2: axis 1 is out of range for float32[2]');
    expect(messageFrom(() => concat([], 0))).toMatch(
      /^ConcatV2: expected at least one tensor, got none\. Pass an array of tensors\.\n/,
    );
  });
});

describe('stack and unstack', () => {
  test('undo each other', () => {
    fc.assert(
      fc.property(placed, fc.integer({ min: 1, max: 3 }), ([shape, axis], count) => {
        const joined = stack(
          Array.from({ length: count }, () => x(shape)),
          { axis },
        );
        const at = axis < 0 ? shape.length + 1 + axis : axis;
        expect(joined.shape).toEqual([...shape.slice(0, at), count, ...shape.slice(at)]);
        expect(unstack(joined, { axis }).map((t) => t.shape)).toEqual(new Array(count).fill(shape));
      }),
    );
  });

  test('known scalars and vectors stay known', () => {
    expect(stack([dimOf(x([null]), 0), 3]).value).toEqual([null, 3]);
    expect(stack([[1, 2], constant([3, 4], { dtype: 'int32' })], { axis: 1 }).value).toEqual([1, 3, 2, 4]);
    expect(zeros(stack([dimOf(x([null]), 0), int(2)])).shape).toEqual([null, 2]);
  });

  test('a number of slices of an unknown axis', () => {
    expect(specs(...unstack(x([null, 2]), { num: 2 }))).toEqual(['float32[2]', 'float32[2]']);
    expect(messageFrom(() => unstack(x([null, 2])))).toBe(
      'Unpack: only a run knows the length of axis 0 of float32[?,2]. Pass { num }.\n' +
        '  node:    Unpack(x_1:0 float32[?,2])\n' +
        '  made at: join.test.ts:LINE',
    );
  });

  test('what does not fit', () => {
    expect(messageFrom(() => stack([x([2]), x([3])]))).toMatch(
      /^Pack: shapes \[2\], \[3\] differ\. Pad or reshape the odd ones\.\n/,
    );
    expect(() => stack([x([2]), x([2], 'bool')])).toThrow('Pack: operands differ in dtype: float32, bool. Use cast().');
    expect(() => stack([])).toThrow('Pack: expected at least one tensor, got none.');
    expect(() => stack([x([2])], { axis: 2 })).toThrow(
      'Pack: axis 2 is out of range for float32[2], expected an integer from -2 to 1.',
    );
    expect(() => unstack(x([3]), { num: 2 })).toThrow('Unpack: axis 0 of [3] has length 3, expected 2.');
    expect(() => unstack(x([]))).toThrow('Unpack: axis 0 is out of range for float32[], expected none');
  });
});

describe('split', () => {
  test('into equal parts, or of the sizes given', () => {
    fc.assert(
      fc.property(
        placed,
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
        ([shape, axis], sizes) => {
          const whole = x(
            replaced(
              shape,
              axis,
              sizes.reduce((a, b) => a + b),
            ),
          );
          expect(split(whole, sizes, { axis }).map((t) => t.shape)).toEqual(sizes.map((n) => replaced(shape, axis, n)));
          const parts = sizes.length;
          expect(split(x(replaced(shape, axis, 2 * parts)), parts, { axis }).map((t) => t.shape)).toEqual(
            new Array(parts).fill(replaced(shape, axis, 2)),
          );
        },
      ),
    );
  });

  test('by sizes that only a run knows', () => {
    expect(specs(...splitBy(x([5, 2]), placeholder('int32', [2]), 2, 0))).toEqual(['float32[?,2]', 'float32[?,2]']);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => split(x([2, 3]), 2, { axis: 1 }))).toBe(
      'SplitV: axis 1 of float32[2,3] is not known to divide into 2 equal parts. Give the sizes of the parts.\n' +
        '  node:    SplitV(x:0 float32[2,3])\n' +
        '  made at: join.test.ts:LINE',
    );
    for (const parts of [0, -1, 2.5]) expect(() => split(x([3]), parts)).toThrow(`into ${parts} equal parts`);
    expect(() => split(x([null]), 2)).toThrow('axis 0 of float32[?] is not known to divide into 2 equal parts');
    expect(() => split(x([5]), [2, 2])).toThrow(
      'SplitV: sizes 2 + 2 do not add up to the 5 of axis 0 of [5]. Give sizes that do.',
    );
    expect(() => split(x([5]), [6, -1])).toThrow(
      'SplitV: expected sizes from 0, got 6, -1. Give the length of every piece.',
    );
  });
});
