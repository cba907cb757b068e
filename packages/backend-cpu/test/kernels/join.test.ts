import { shape as ops } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { build, expectTensor, ints, position, run, run1, shapes, tensor, tensors } from '../support.js';

const dtypes = ['float32', 'float64', 'int32', 'bool'] as const;
const zeros = (...s: number[]): HostTensor => tensor('float32', s, new Float32Array(s.reduce((a, b) => a * b, 1)));
const along = (s: readonly number[], axis: number, length: number): number[] =>
  s.map((d, i) => (i === axis ? length : d));

/** Tensors that differ along one axis only. */
const parts = fc
  .record({
    dtype: fc.constantFrom(...dtypes),
    shape: shapes().filter((s) => s.length > 0),
    sizes: fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
  })
  .chain(({ dtype, shape, sizes }) =>
    fc.nat(shape.length - 1).chain((axis) =>
      fc.record({
        axis: fc.constant(axis),
        inputs: fc.tuple(...sizes.map((n) => tensors(dtype, along(shape, axis, n)))),
      }),
    ),
  );

describe('ConcatV2 and SplitV', () => {
  it('join along an axis, and take apart again', () => {
    fc.assert(
      fc.property(parts, ({ axis, inputs }) => {
        const [{ dtype, shape }] = inputs;
        const sizes = inputs.map((x) => x.shape[axis]);
        const to = along(
          shape,
          axis,
          sizes.reduce((a, b) => a + b, 0),
        );
        const values = build(to, (at) => {
          let k = at[axis];
          const x = inputs.find((t) => k < t.shape[axis] || ((k -= t.shape[axis]), false)) ?? inputs[0];
          return x.data[position(along(at, axis, k), x.shape)];
        });
        const joined = run1(ops.concat, inputs, { attrs: { axis } });
        expectTensor(joined, dtype, to, values);
        const pieces = run(ops.split, [joined], { attrs: { axis, num: sizes.length }, host: [ints(...sizes)] });
        expect(pieces).toEqual(inputs);
      }),
    );
  });

  it('name what does not fit', () => {
    expect(() => run(ops.concat, [zeros(2, 3), zeros(3, 2)], { attrs: { axis: 0 } })).toThrow(
      new RangeError('ConcatV2: shapes [2,3], [3,2] differ outside axis 0.'),
    );
    expect(() => run(ops.split, [zeros(2, 3)], { attrs: { axis: 1, num: 2 }, host: [ints(1, 1)] })).toThrow(
      new RangeError('SplitV: sizes 1 + 1 do not add up to the 3 of axis 1 of [2,3].'),
    );
  });
});

describe('Pack and Unpack', () => {
  it('join along a new axis, and take apart again', () => {
    const cases = fc
      .record({ dtype: fc.constantFrom(...dtypes), shape: shapes(), n: fc.integer({ min: 1, max: 4 }) })
      .chain(({ dtype, shape, n }) =>
        fc.record({
          axis: fc.nat(shape.length),
          inputs: fc.array(tensors(dtype, shape), { minLength: n, maxLength: n }),
        }),
      );
    fc.assert(
      fc.property(cases, ({ axis, inputs }) => {
        const [{ dtype, shape }] = inputs;
        const to = [...shape.slice(0, axis), inputs.length, ...shape.slice(axis)];
        const values = build(
          to,
          (at) =>
            inputs[at[axis]].data[
              position(
                at.filter((_, i) => i !== axis),
                shape,
              )
            ],
        );
        const packed = run1(ops.pack, inputs, { attrs: { axis } });
        expectTensor(packed, dtype, to, values);
        expect(run(ops.unpack, [packed], { attrs: { axis, num: inputs.length } })).toEqual(inputs);
      }),
    );
  });

  it('name what does not fit', () => {
    expect(() => run(ops.pack, [zeros(2), zeros(3)], { attrs: { axis: 0 } })).toThrow(
      new RangeError('Pack: shapes [2], [3] differ. They must be equal.'),
    );
    expect(() => run(ops.unpack, [zeros(2, 3)], { attrs: { axis: 1, num: 2 } })).toThrow(
      new RangeError('Unpack: axis 1 of [2,3] has length 3, expected 2.'),
    );
  });
});
