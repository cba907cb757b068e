import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Shape,
  type Tensor,
  broadcastTo,
  constant,
  dimOf,
  expandDims,
  pad,
  placeholder,
  reshape,
  resetDefaultGraph,
  reverse,
  shapeOf,
  sizeOf,
  slice,
  squeeze,
  stack,
  transpose,
} from '../../src/index.js';
import { sumToLike, toShape } from '../../src/ops/shape.js';
import { int, messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

const dims = fc.option(fc.integer({ min: 0, max: 4 }));
const ranked = fc.array(dims, { maxLength: 4 });
const known = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
/** An int32 vector that only a run knows. */
const vector = (length: number | null): Tensor => placeholder('int32', [length]);

describe('shapeOf and dimOf', () => {
  test('are constants where the shape is static, else follow what is known', () => {
    expect([shapeOf(x([2, 3])).op.op.name, shapeOf(x([2, 3])).value]).toEqual(['Const', [2, 3]]);
    expect([shapeOf(x([null, 3])).op.op.name, shapeOf(x([null, 3])).value]).toEqual(['Shape', [null, 3]]);
    expect(specs(shapeOf(x(undefined)), shapeOf(x([])))).toEqual(['int32[?]', 'int32[0]']);
    expect(dimOf(x([null, 3]), -1).value).toEqual([3]);
    expect([dimOf(x([null, 3]), 0).op.op.name, ...specs(dimOf(x([null, 3]), 0))]).toEqual(['Dim', 'int32[]']);
  });

  test('an axis that is not there', () => {
    expect(messageFrom(() => dimOf(x([2]), 1))).toMatch(
      /^Dim: axis 1 is out of range for float32\[2\], expected an integer from -1 to 0\.\n/,
    );
  });
});

describe('toShape', () => {
  test('takes integers, tensors among them, and vectors', () => {
    expect([toShape([2, 3], 'Op').value, toShape([], 'Op').value]).toEqual([[2, 3], []]);
    expect(toShape([dimOf(x([null]), 0), 3, int(4)], 'Op').value).toEqual([null, 3, 4]);
    const v = vector(2);
    expect(toShape(v, 'Op')).toBe(v);
    expect(toShape(Int32Array.of(1, 2), 'Op').value).toEqual([1, 2]);
  });

  test('anything else is refused', () => {
    expect(messageFrom(() => toShape([null, 5], 'Reshape'))).toBe(
      'Reshape: expected a shape of integers, got [null,5]. Use dimOf() for a length that only a run knows.\n' +
        '  node:    Reshape()\n' +
        '  made at: shape.test.ts:LINE',
    );
    expect(() => toShape([1.5, [2]], 'Op')).toThrow('Op: expected a shape of integers, got [1.5,an array].');
  });
});

describe('reshape', () => {
  test('keeps what is known', () => {
    const t = x([null, 3, 4]);
    const shapes: Shape[] = [
      reshape(t, [-1, 12]),
      reshape(x([2, 3]), [3, -1]),
      reshape(t, [dimOf(t, 0), 12]),
      reshape(x(undefined), shapeOf(t)),
      reshape(t, vector(2)),
      reshape(t, vector(null)),
      reshape(x([0, 3]), [-1, 3]),
    ].map((r) => r.shape);
    expect(shapes).toEqual([[null, 12], [3, 2], [null, 12], [null, 3, 4], [null, null], undefined, [0, 3]]);
  });

  test('to any shape of the same size, with any one dimension left to compute', () => {
    fc.assert(
      fc.property(known, fc.nat(), (shape, pick) => {
        const size = sizeOf(shape);
        const free = shape.map((d, i) => (i === pick % shape.length ? -1 : d));
        expect(reshape(x([size]), shape).shape).toEqual(shape);
        expect(reshape(x([size]), free).shape).toEqual(shape);
      }),
    );
  });

  test('elements that are known stay known', () => {
    expect(reshape(constant([1, 2], { dtype: 'int32' }), [2, 1]).value).toEqual([1, 2]);
  });

  test('to another size', () => {
    expect(messageFrom(() => reshape(x([2, 3]), [4]))).toBe(
      'Reshape: cannot view [2,3] (6 elements) as [4]. The sizes must agree; one entry may be -1.\n' +
        "  node:    'Reshape' = Reshape(x:0 float32[2,3], Const:0 int32[1])\n" +
        '  made at: shape.test.ts:LINE',
    );
    for (const to of [[-1, 4], [-1, -1], [0, -1], []]) {
      expect(() => reshape(x([2, 3]), to)).toThrow(`Reshape: cannot view [2,3] (6 elements) as [${to.join(',')}].`);
    }
    expect(() => reshape(x([null, 3]), [-1, -1])).toThrow('Reshape: cannot view [?,3] as [-1,-1].');
    expect(() => reshape(x([2]), [-2])).toThrow(
      'Reshape: expected a shape of integers from -1, got [-2]. Correct the shape.',
    );
  });

  test('by what is no shape', () => {
    expect(messageFrom(() => reshape(x([2]), x([1])))).toMatch(
      /^Reshape: expected the shape as a vector of integers, got float32\[1\]\. Pass an array or an int32 tensor\.\n/,
    );
    expect(() => reshape(x([2]), int(2))).toThrow('got int32[]');
  });
});

describe('transpose', () => {
  test('there and back gives the shape again', () => {
    const permuted = ranked.chain((s) =>
      fc.tuple(
        fc.constant(s),
        fc.shuffledSubarray(
          s.map((_, i) => i),
          { minLength: s.length },
        ),
      ),
    );
    fc.assert(
      fc.property(permuted, ([shape, perm]) => {
        const there = transpose(x(shape), perm);
        expect(there.shape).toEqual(perm.map((p) => shape[p]));
        expect(
          transpose(
            there,
            perm.map((_, i) => perm.indexOf(i)),
          ).shape,
        ).toEqual(shape);
        expect(transpose(x(shape)).shape).toEqual([...shape].reverse());
      }),
    );
  });

  test('reverses the axes by default, and says the rank of what it permutes', () => {
    const t = transpose(x([1, 2, null]));
    expect([t.name, t.shape]).toEqual(['transpose:0', [null, 2, 1]]);
    expect(transpose(x(undefined), [1, 0]).shape).toEqual([null, null]);
  });

  test('by what is no order of the axes', () => {
    expect(messageFrom(() => transpose(x([null, 3, 4]), [0, 0, 1]))).toBe(
      'Transpose: [0,0,1] is no order of the axes of float32[?,3,4], expected each of 0, 1, 2 once. Correct perm.\n' +
        '  node:    Transpose(x:0 float32[?,3,4])\n' +
        '  made at: shape.test.ts:LINE',
    );
    for (const perm of [
      [0, 1],
      [1, 2, 3],
      [0, 1, -1],
    ])
      expect(() => transpose(x([1, 1, 1]), perm)).toThrow('is no order of the axes');
    expect(() => transpose(x(undefined))).toThrow("Transpose: the rank of 'x_4:0' is unknown");
  });
});

describe('expandDims and squeeze', () => {
  test('undo each other', () => {
    const places = ranked.chain((s) => fc.tuple(fc.constant(s), fc.integer({ min: -s.length - 1, max: s.length })));
    fc.assert(
      fc.property(places, ([shape, axis]) => {
        const wide = expandDims(x(shape), axis);
        const at = axis < 0 ? shape.length + 1 + axis : axis;
        expect(wide.shape).toEqual([...shape.slice(0, at), 1, ...shape.slice(at)]);
        expect(squeeze(wide, axis).shape).toEqual(shape);
      }),
    );
  });

  test('squeeze drops the axes named, or all of length 1', () => {
    const t = x([1, 2, 1, 1]);
    expect([squeeze(t), squeeze(t, 0), squeeze(t, [0, -1]), squeeze(x([1, null]), 1)].map((s) => s.shape)).toEqual([
      [2],
      [2, 1, 1],
      [2, 1],
      [1],
    ]);
    const none = x([2]);
    expect(squeeze(none)).toBe(none);
    expect([expandDims(int(3), 0).value, squeeze(constant([3], { dtype: 'int32' })).value]).toEqual([[3], [3]]);
  });

  test('what squeeze cannot drop', () => {
    expect(messageFrom(() => squeeze(x([2, 3]), 1))).toMatch(/^Squeeze: axis 1 of \[2,3\] has length 3, expected 1\./);
    expect(messageFrom(() => squeeze(x([1, null])))).toBe(
      'Squeeze: only a run knows the length of axis 1 of float32[1,?]. Name the axes to drop.\n' +
        '  node:    Squeeze(x_1:0 float32[1,?])\n' +
        '  made at: shape.test.ts:LINE',
    );
  });
});

describe('slice', () => {
  test('takes a block, -1 for all the rest', () => {
    const t = x([null, 3, 4]);
    expect(
      specs(
        slice(t, [0, 1, 0], [-1, 2, -1]),
        slice(t, [1, 0, 4], [2, 3, 0]),
        slice(t, vector(3), [1, -1, 2]),
        slice(t, vector(null), vector(null)),
        slice(x(undefined), [0, 0], [1, -1]),
      ),
    ).toEqual(['float32[?,2,4]', 'float32[2,3,0]', 'float32[1,?,2]', 'float32[?,?,?]', 'float32[1,?]']);
    expect(slice(x(undefined), vector(null), vector(null)).shape).toBeUndefined();
  });

  test('known elements of vectors stay known', () => {
    const shape = shapeOf(x([null, 3, 4]));
    expect([slice(shape, [0], [2]).value, slice(shape, [1], [-1]).value]).toEqual([
      [null, 3],
      [3, 4],
    ]);
  });

  test('a block that does not lie in x', () => {
    expect(messageFrom(() => slice(x([2, 3]), [0, 1], [2, 3]))).toBe(
      'Slice: the block from 1 of length 3 does not lie in axis 1 of [2,3]. Take less, or -1 for all the rest.\n' +
        "  node:    'Slice' = Slice(x:0 float32[2,3], Const:0 int32[2], Const_1:0 int32[2])\n" +
        '  made at: shape.test.ts:LINE',
    );
    expect(() => slice(x([3]), [-1], [1])).toThrow('the block from -1 of length 1 does not lie in axis 0 of [3]');
    expect(() => slice(x([3]), [4], [-1])).toThrow('the block from 4 of length -1');
    expect(() => slice(x([null]), [0], [-2])).toThrow('the block from 0 of length -2');
    expect(() => slice(x([3]), vector(1), [4])).toThrow('the block from ? of length 4');
    expect(() => slice(x([2, 3]), [0], [1, 1])).toThrow('Slice: expected a begin for each axis of [2,3], got [0].');
    expect(() => slice(x([2, 3]), [0, 0], [1])).toThrow('Slice: expected a size for each axis of [2,3], got [1].');
    expect(() => slice(x([3]), x([1]), [1])).toThrow(
      'Slice: expected the begin as a vector of integers, got float32[1].',
    );
  });
});

describe('pad', () => {
  test('adds to each axis', () => {
    expect(
      specs(
        pad(x([null, 3]), [
          [0, 1],
          [1, 2],
        ]),
        pad(x([2, 3]), placeholder('int32', [2, 2])),
        pad(x(undefined), [[0, 1]]),
        pad(x([2]), expandDims(stack([dimOf(x([null]), 0), 1]), 0)),
      ),
    ).toEqual(['float32[?,6]', 'float32[?,?]', 'float32[?]', 'float32[?]']);
  });

  test('what does not fit', () => {
    expect(messageFrom(() => pad(x([2, 3]), [[0, 1]]))).toMatch(
      /^Pad: expected paddings int32\[2,2\], a row \[before, after\] for each axis of \[2,3\], got int32\[1,2\]\. Give all rows\.\n/,
    );
    expect(() => pad(x([2]), [[-1, 0]])).toThrow(
      'Pad: expected paddings from 0, got -1, 0. To take elements away use slice().',
    );
  });
});

test('reverse keeps the shape', () => {
  expect([reverse(x([2, null]), -1), reverse(x([2, null]), [0, 1])].map((t) => [t.shape, t.op.attrs])).toEqual([
    [[2, null], { axes: [1] }],
    [[2, null], { axes: [0, 1] }],
  ]);
  expect(() => reverse(x([2]), 1)).toThrow('ReverseV2: axis 1 is out of range');
});

describe('broadcastTo', () => {
  test('gives the shape asked for', () => {
    expect(
      specs(
        broadcastTo(x([1, 3]), [4, 2, 3]),
        broadcastTo(x([null]), [2]),
        broadcastTo(x([3]), vector(2)),
        broadcastTo(1, []),
      ),
    ).toEqual(['float32[4,2,3]', 'float32[2]', 'float32[?,?]', 'float32[]']);
  });

  test('a shape that it does not broadcast to', () => {
    expect(messageFrom(() => broadcastTo(x([2, 3]), [3]))).toMatch(
      /^BroadcastTo: \[2,3\] does not broadcast to \[3\]\. From the last axis backwards, lengths must be equal, or 1 in what is repeated\.\n/,
    );
    expect(() => broadcastTo(x([3]), [1])).toThrow('[3] does not broadcast to [1]');
    expect(() => broadcastTo(x([1]), [-1])).toThrow('BroadcastTo: expected a shape of integers from 0, got [-1].');
  });
});

test('sumToLike undoes a broadcast, where there was one', () => {
  const t = x([2, 3]);
  expect(sumToLike(t, x([2, 3]))).toBe(t);
  expect(
    specs(sumToLike(t, x([3])), sumToLike(t, x([null])), sumToLike(x([null]), x([null])), sumToLike(t, x(undefined))),
  ).toEqual(['float32[3]', 'float32[?]', 'float32[?]', 'float32[...]']);
});
