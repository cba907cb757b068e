import { type DType, type ReduceAttrs, reduce } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { build, elements, expectTensor, position, run, run1, shapes, small, tensor, tensors } from '../support.js';

interface Case {
  readonly x: HostTensor;
  readonly attrs: ReduceAttrs;
}

const cases = (dtype: DType, element = small(dtype)): fc.Arbitrary<Case> =>
  shapes().chain((shape) =>
    fc.record({
      x: tensors(dtype, shape, element),
      attrs: fc.record({
        axes: fc.oneof({ arbitrary: fc.subarray([...shape.keys()]), weight: 4 }, fc.constant(null)),
        keepDims: fc.boolean(),
      }),
    }),
  );

/** The elements that make each result, in order. */
function groups({ x, attrs: { axes, keepDims } }: Case): { shape: number[]; groups: number[][] } {
  const isReduced = (axis: number): boolean => axes === null || axes.includes(axis);
  const kept = x.shape.map((d, axis) => (isReduced(axis) ? 1 : d));
  const found: number[][] = Array.from({ length: kept.reduce((a, b) => a * b, 1) }, () => []);
  build(x.shape, (at) => position(at, x.shape)).forEach((i, n) => {
    let rest = n;
    const at = x.shape.map(() => 0);
    for (let axis = at.length - 1; axis >= 0; axis--) {
      at[axis] = rest % x.shape[axis];
      rest = Math.floor(rest / x.shape[axis]);
    }
    found[
      position(
        at.map((k, axis) => (isReduced(axis) ? 0 : k)),
        kept,
      )
    ].push(x.data[i]);
  });
  return { shape: keepDims ? kept : kept.filter((_, axis) => !isReduced(axis)), groups: found };
}

const ops = {
  Sum: { op: reduce.sum, of: (xs: number[]) => xs.reduce((a, b) => a + b, 0), dtypes: ['float32', 'float64', 'int32'] },
  Mean: {
    op: reduce.mean,
    of: (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length,
    dtypes: ['float32', 'float64'],
  },
  Prod: { op: reduce.prod, of: (xs: number[]) => xs.reduce((a, b) => a * b, 1), dtypes: ['float32', 'float64'] },
  Max: { op: reduce.max, of: (xs: number[]) => Math.max(...xs), dtypes: ['float32', 'float64', 'int32'] },
  Min: { op: reduce.min, of: (xs: number[]) => Math.min(...xs), dtypes: ['float32', 'float64', 'int32'] },
  All: { op: reduce.all, of: (xs: number[]) => Number(xs.every((x) => x !== 0)), dtypes: ['bool'] },
  Any: { op: reduce.any, of: (xs: number[]) => Number(xs.some((x) => x !== 0)), dtypes: ['bool'] },
} satisfies Record<string, { of: (xs: number[]) => number; dtypes: DType[]; op: unknown }>;

/** Of no elements, where JavaScript's answer does not fit the dtype. */
const ofNothing: Readonly<Record<string, number>> = { 'Max int32': -(2 ** 31), 'Min int32': 2 ** 31 - 1 };

describe.each(Object.entries(ops))('%s', (name, { op, of, dtypes }) => {
  it.each(dtypes)('reduces %s over any axes', (dtype) => {
    const rtol = { float32: 3e-7, float64: 1e-15, int32: 0, bool: 0 }[dtype];
    const atol = { float32: 3e-6, float64: 1e-14, int32: 0, bool: 0 }[dtype];
    fc.assert(
      fc.property(cases(dtype), (c) => {
        const { shape, groups: found } = groups(c);
        const expected = found.map((xs) => (xs.length === 0 ? (ofNothing[`${name} ${dtype}`] ?? of(xs)) : of(xs)));
        expectTensor(run1(op, [c.x], { attrs: c.attrs }), dtype, shape, expected, rtol, atol);
      }),
    );
  });
});

describe('sums', () => {
  it('wrap around in int32, as products do', () => {
    const x = tensor('int32', [3], [2 ** 31 - 1, 2, 3]);
    expectTensor(run1(reduce.sum, [x], { attrs: { axes: null, keepDims: false } }), 'int32', [], [-(2 ** 31) + 4]);
    expectTensor(run1(reduce.prod, [x], { attrs: { axes: null, keepDims: false } }), 'int32', [], [-6]);
  });

  it.each([
    ['one run', [100_003], [0]],
    ['rows', [3, 30_011], [1]],
    ['columns', [30_011, 5], [0]],
    ['the ends', [101, 5, 101], [0, 2]],
  ] as const)('of many float32 are as good as rounded once: %s', (_, shape, axes) => {
    const n = shape.reduce((a, b) => a * b, 1);
    const x = tensor(
      'float32',
      shape,
      Float32Array.from({ length: n }, (_, i) => 0.1 + ((i * 7919) % 1000) / 1000),
    );
    const c: Case = { x, attrs: { axes, keepDims: false } };
    const { shape: to, groups: found } = groups(c);
    const expected = found.map((xs) => xs.reduce((a, b) => a + b, 0));
    expectTensor(run1(reduce.sum, [x], { attrs: c.attrs }), 'float32', to, expected, 3e-7);
    const means = expected.map((s, i) => s / found[i].length);
    expectTensor(run1(reduce.mean, [x], { attrs: c.attrs }), 'float32', to, means, 3e-7);
  });
});

describe('NaN', () => {
  it.each(['float32', 'float64'] as const)('wins in %s, wherever it stands', (dtype) => {
    fc.assert(
      fc.property(cases(dtype, elements(dtype)), (c) => {
        const { shape, groups: found } = groups(c);
        const call = { attrs: c.attrs };
        expectTensor(
          run1(reduce.max, [c.x], call),
          dtype,
          shape,
          found.map((xs) => Math.max(...xs)),
        );
        expectTensor(
          run1(reduce.min, [c.x], call),
          dtype,
          shape,
          found.map((xs) => Math.min(...xs)),
        );
        const sums = run1(reduce.sum, [c.x], call);
        found.forEach((xs, i) => {
          if (xs.some(Number.isNaN)) expect(sums.data[i]).toBeNaN();
        });
      }),
    );
  });
});

describe('dtypes', () => {
  it('that an op does not take are named', () => {
    expect(() => run(reduce.mean, [tensor('int32', [1], [1])], { attrs: { axes: null, keepDims: false } })).toThrow(
      new TypeError('Mean: expected float32 or float64 elements, got int32. Use cast().'),
    );
  });
});
