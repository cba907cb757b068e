import { type DType, shape as ops } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backend,
  broadcastShapesOf,
  build,
  expectTensor,
  indexInOperand,
  ints,
  position,
  run,
  run1,
  shapes,
  small,
  tensor,
  tensors,
} from '../support.js';

const dtypes = ['float32', 'float64', 'int32', 'bool'] as const;
const dtype: fc.Arbitrary<DType> = fc.constantFrom(...dtypes);
const anyTensor = fc.tuple(dtype, shapes()).chain(([d, s]) => tensors(d, s));
const zeros = (...s: number[]): HostTensor => tensor('float32', s, new Float32Array(s.reduce((a, b) => a * b, 1)));

describe('Reshape', () => {
  it('keeps the elements, and computes one length', () => {
    const x = tensor('int32', [2, 6], [...Array(12).keys()]);
    expectTensor(run1(ops.reshape, [x], { host: [ints(3, 4)] }), 'int32', [3, 4], x.data);
    expectTensor(run1(ops.reshape, [x], { host: [ints(3, -1, 2)] }), 'int32', [3, 2, 2], x.data);
    expectTensor(run1(ops.reshape, [zeros(0, 3)], { host: [ints(-1, 6)] }), 'float32', [0, 6], []);
    expectTensor(run1(ops.reshape, [zeros(1)], { host: [ints()] }), 'float32', [], [0]);
  });

  it('takes no shape of another size', () => {
    const message = (to: string): RangeError =>
      new RangeError(`Reshape: cannot view [2,3] (6 elements) as [${to}]. The sizes must agree; one entry may be -1.`);
    for (const to of [[4], [-1, 4], [-1, -1], [-2, -3], [0, -1]]) {
      expect(() => run(ops.reshape, [zeros(2, 3)], { host: [ints(...to)] })).toThrow(message(to.join()));
    }
  });
});

describe('ExpandDims and Squeeze', () => {
  it('undo each other', () => {
    fc.assert(
      fc.property(
        anyTensor.chain((x) =>
          fc.tuple(fc.constant(x), fc.subarray([...Array(x.shape.length + 2).keys()], { maxLength: 2, minLength: 2 })),
        ),
        ([x, axes]) => {
          const wide = run1(ops.expandDims, [x], { attrs: { axes } });
          const expected = [...x.shape];
          for (const axis of axes) expected.splice(axis, 0, 1);
          expectTensor(wide, x.dtype, expected, x.data);
          expectTensor(run1(ops.squeeze, [wide], { attrs: { axes } }), x.dtype, x.shape, x.data);
        },
      ),
    );
  });

  it('drop no axis that is longer than 1', () => {
    expect(() => run(ops.squeeze, [zeros(1, 2)], { attrs: { axes: [1] } })).toThrow(
      new RangeError('Squeeze: axis 1 of [1,2] has length 2, expected 1.'),
    );
  });
});

describe('Transpose', () => {
  it('permutes the axes', () => {
    const cases = anyTensor.chain((x) =>
      fc.tuple(fc.constant(x), fc.shuffledSubarray([...x.shape.keys()], { minLength: x.shape.length })),
    );
    fc.assert(
      fc.property(cases, ([x, perm]) => {
        const to = perm.map((p) => x.shape[p]);
        const values = build(to, (at) => {
          const from: number[] = [];
          perm.forEach((p, i) => (from[p] = at[i]));
          return x.data[position(from, x.shape)];
        });
        expectTensor(run1(ops.transpose, [x], { attrs: { perm } }), x.dtype, to, values);
      }),
    );
  });
});

describe('ReverseV2', () => {
  it('turns the axes round', () => {
    fc.assert(
      fc.property(
        anyTensor.chain((x) => fc.tuple(fc.constant(x), fc.subarray([...x.shape.keys()]))),
        ([x, axes]) => {
          const values = build(
            x.shape,
            (at) =>
              x.data[
                position(
                  at.map((k, i) => (axes.includes(i) ? x.shape[i] - 1 - k : k)),
                  x.shape,
                )
              ],
          );
          expectTensor(run1(ops.reverse, [x], { attrs: { axes } }), x.dtype, x.shape, values);
        },
      ),
    );
  });
});

describe('Slice', () => {
  it('takes a block; -1 is to the end', () => {
    const block = (d: number): fc.Arbitrary<{ begin: number; length: number; toEnd: boolean }> =>
      fc
        .nat(d)
        .chain((begin) => fc.record({ begin: fc.constant(begin), length: fc.nat(d - begin), toEnd: fc.boolean() }));
    const cases = anyTensor.chain((x) => fc.tuple(fc.constant(x), fc.tuple(...x.shape.map(block))));
    fc.assert(
      fc.property(cases, ([x, blocks]) => {
        const lengths = blocks.map((b, i) => (b.toEnd ? x.shape[i] - b.begin : b.length));
        const host = [ints(...blocks.map((b) => b.begin)), ints(...blocks.map((b) => (b.toEnd ? -1 : b.length)))];
        const values = build(
          lengths,
          (at) =>
            x.data[
              position(
                at.map((k, i) => k + blocks[i].begin),
                x.shape,
              )
            ],
        );
        expectTensor(run1(ops.slice, [x], { host }), x.dtype, lengths, values);
      }),
    );
  });

  it('of whole rows is a view', () => {
    const x = backend.upload(tensor('float32', [4, 2, 3], [...Array(24).keys()]));
    const row = backend.kernels.get(ops.slice)?.([x], {
      attrs: {},
      host: [ints(2, 1, 0), ints(1, 1, 3)],
      donated: [false],
    }) as typeof x;
    expect(row.buffer.block).toBe(x.buffer.block);
    expect(backend.download(row)).toEqual(tensor('float32', [1, 1, 3], [15, 16, 17]));
    [x, row].forEach((t) => backend.free(t));
  });

  it('lies inside its tensor', () => {
    const message = 'Slice: axis 1 of [2,3] has no elements 2 to 4.';
    expect(() => run(ops.slice, [zeros(2, 3)], { host: [ints(0, 2), ints(1, 2)] })).toThrow(new RangeError(message));
    expect(() => run(ops.slice, [zeros(2, 3)], { host: [ints(0), ints(1)] })).toThrow(
      new RangeError('Slice: expected 2 beginnings and sizes for [2,3], got 1 and 1.'),
    );
  });
});

describe('Pad', () => {
  it('puts zeros around', () => {
    const cases = anyTensor.chain((x) =>
      fc.tuple(fc.constant(x), fc.array(fc.nat(2), { minLength: 2 * x.shape.length, maxLength: 2 * x.shape.length })),
    );
    fc.assert(
      fc.property(cases, ([x, paddings]) => {
        const to = x.shape.map((d, i) => d + paddings[2 * i] + paddings[2 * i + 1]);
        const values = build(to, (at) => {
          const from = at.map((k, i) => k - paddings[2 * i]);
          return from.every((k, i) => k >= 0 && k < x.shape[i]) ? x.data[position(from, x.shape)] : 0;
        });
        expectTensor(
          run1(ops.pad, [x], { host: [tensor('int32', [x.shape.length, 2], paddings)] }),
          x.dtype,
          to,
          values,
        );
      }),
    );
  });

  it('takes two paddings for each axis', () => {
    expect(() => run(ops.pad, [zeros(2)], { host: [ints(1, -1)] })).toThrow(
      new RangeError('Pad: expected two non-negative paddings for each axis of [2], got [1,-1].'),
    );
  });
});

describe('BroadcastTo', () => {
  it('repeats as elementwise ops do', () => {
    const cases = fc
      .tuple(dtype, broadcastShapesOf(2))
      .chain(([d, { shape, operands }]) =>
        fc.tuple(fc.constant(shape), fc.oneof(...operands.map((s) => tensors(d, s)))),
      );
    fc.assert(
      fc.property(cases, ([to, x]) => {
        const values = build(to, (at) => x.data[indexInOperand(position(at, to), to, x.shape)]);
        expectTensor(run1(ops.broadcastTo, [x], { host: [ints(...to)] }), x.dtype, to, values);
      }),
    );
  });

  it('does not shrink', () => {
    expect(() => run(ops.broadcastTo, [zeros(2, 3)], { host: [ints(1, 3)] })).toThrow(
      new RangeError('BroadcastTo: [2,3] does not broadcast to [1,3].'),
    );
  });
});

describe('SumTo', () => {
  it.each(['float32', 'float64', 'int32'] as const)('sums %s that broadcasting had repeated', (d) => {
    const cases = broadcastShapesOf(2).chain(({ shape, operands }) =>
      fc.tuple(tensors(d, shape, small(d)), fc.constantFrom(...operands)),
    );
    fc.assert(
      fc.property(cases, ([x, to]) => {
        const values = build(to, () => 0);
        x.data.forEach((v, i) => (values[indexInOperand(i, x.shape, to)] += v));
        expectTensor(
          run1(ops.sumTo, [x], { host: [ints(...to)] }),
          d,
          to,
          values,
          d === 'float32' ? 3e-7 : 0,
          d === 'int32' ? 0 : 3e-6,
        );
      }),
    );
  });

  it('goes nowhere that does not broadcast back', () => {
    expect(() => run(ops.sumTo, [zeros(2, 3)], { host: [ints(2)] })).toThrow(RangeError);
  });
});
