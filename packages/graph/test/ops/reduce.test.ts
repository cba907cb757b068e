import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type DType,
  type Tensor,
  constant,
  reduceAll,
  reduceAny,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSum,
  resetDefaultGraph,
  shapeOf,
} from '../../src/index.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

const reductions = { reduceSum, reduceMean, reduceMax, reduceMin, reduceProd, reduceAll, reduceAny };
const domains: Record<keyof typeof reductions, readonly DType[]> = {
  reduceSum: ['float32', 'float64', 'int32'],
  reduceMean: ['float32', 'float64'],
  reduceMax: ['float32', 'float64', 'int32'],
  reduceMin: ['float32', 'float64', 'int32'],
  reduceProd: ['float32', 'float64', 'int32'],
  reduceAll: ['bool'],
  reduceAny: ['bool'],
};

describe.each(Object.entries(reductions))('%s', (name, reduce) => {
  const domain = domains[name as keyof typeof reductions];

  test('takes the dtypes of its domain', () => {
    for (const dtype of ['float32', 'float64', 'int32', 'bool'] as const) {
      const build = (): Tensor => reduce(x([2], dtype));
      if (domain.includes(dtype)) expect(specs(build())).toEqual([`${dtype}[]`]);
      else expect(build).toThrow(/: expected (numeric|float|bool) operands, got \w+\[2\]\. Use cast\(\)\./);
    }
  });

  test('drops the axes it reduces, or keeps them with length 1', () => {
    const cases = fc
      .array(fc.option(fc.integer({ min: 0, max: 3 })), { maxLength: 4 })
      .chain((shape) => fc.tuple(fc.constant(shape), fc.subarray(shape.map((_, i) => i)), fc.boolean()));
    fc.assert(
      fc.property(cases, ([shape, axes, back]) => {
        const t = x(shape, domain[0]);
        const named = back ? axes.map((a) => a - shape.length) : axes;
        expect(reduce(t, named).shape).toEqual(shape.filter((_, i) => !axes.includes(i)));
        expect(reduce(t, { axis: named, keepdims: true }).shape).toEqual(
          shape.map((d, i) => (axes.includes(i) ? 1 : d)),
        );
      }),
      { numRuns: 30 },
    );
  });
});

test('the axis may be an argument or an option; all by default', () => {
  const t = x([2, 3]);
  const attrs = [
    reduceSum(t),
    reduceSum(t, 1),
    reduceSum(t, [1, 0, -1]),
    reduceSum(t, { axis: 0, name: 'a' }),
    reduceSum(t, undefined, { axis: 0 }),
    reduceSum(t, 0, { keepdims: true }),
  ].map((r) => [r.op.name, r.op.attrs]);
  expect(attrs).toEqual([
    ['Sum', { axes: [0, 1], keepDims: false }],
    ['Sum_1', { axes: [1], keepDims: false }],
    ['Sum_2', { axes: [0, 1], keepDims: false }],
    ['a', { axes: [0], keepDims: false }],
    ['Sum_3', { axes: [0], keepDims: false }],
    ['Sum_4', { axes: [0], keepDims: true }],
  ]);
});

test('of unknown rank all can be reduced, an axis cannot', () => {
  const t = x(undefined);
  expect(specs(reduceSum(t), reduceSum(t, { keepdims: true }))).toEqual(['float32[]', 'float32[...]']);
  expect(messageFrom(() => reduceSum(t, 0))).toMatch(
    /^Sum: the rank of 'x:0' is unknown, expected a known one\. Reshape it first\.\n/,
  );
});

test('an axis out of range', () => {
  expect(messageFrom(() => reduceMean(x([2, 3]), [0, 2]))).toBe(
    'Mean: axis 2 is out of range for float32[2,3], expected an integer from -2 to 1.\n' +
      '  node:    Mean(x:0 float32[2,3])\n' +
      '  made at: reduce.test.ts:LINE',
  );
});

test('sums and products of known integers are known', () => {
  const ints = constant([2, 3, 4], { dtype: 'int32' });
  expect([
    reduceProd(ints).value,
    reduceSum(ints, 0, { keepdims: true }).value,
    reduceProd(shapeOf(x([]))).value,
  ]).toEqual([[24], [9], [1]]);
  expect(x([24]).reshape(reduceProd(ints, { keepdims: true })).shape).toEqual([24]);
  expect([reduceMax(ints), reduceProd(shapeOf(x([null, 2]))), reduceSum(constant([1, 2]))].map((t) => t.value)).toEqual(
    [undefined, undefined, undefined],
  );
});
