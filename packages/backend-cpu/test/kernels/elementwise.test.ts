import { type DType, type ElementwiseOp, elementwise, mixed, sizeOf, tensorSpec } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  broadcastShapesOf,
  elements,
  expectTensor,
  indexInOperand,
  run1,
  shapes,
  tensor,
  tensors,
} from '../support.js';

const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'bool'];

/** Relative and absolute error allowed in float32, where results are not rounded correctly. */
const tolerances: Readonly<Record<string, readonly [number, number]>> = {
  Tanh: [4e-7, 0],
  Exp: [1e-7, 2 ** -149],
  Sigmoid: [2e-7, 2 ** -126],
  Log: [1e-7, 0],
  Sin: [0, 1e-7],
  Cos: [0, 1e-7],
  Rsqrt: [2e-7, 0],
  SquaredDifference: [2e-7, 2 ** -149],
  Log1p: [2e-7, 2 ** -149],
  Expm1: [2e-7, 2 ** -149],
  Softplus: [2e-7, 2 ** -126],
};

const accepts = (op: ElementwiseOp, arity: number, dtype: DType): boolean => {
  try {
    op.infer(
      Array.from({ length: arity }, () => ({ spec: tensorSpec(dtype, []), value: undefined })),
      {},
    );
    return true;
  } catch {
    return false;
  }
};

const resultDtype = (op: ElementwiseOp, inputs: readonly HostTensor[]): DType =>
  op.infer(
    inputs.map((x) => ({ spec: tensorSpec(x.dtype, x.shape), value: undefined })),
    {},
  )[0].dtype;

/** What an op means for numbers of a dtype: products of int32 wrap around. */
const meaningOf = (op: ElementwiseOp, dtype: DType): ((...xs: number[]) => number) => {
  if (dtype === 'int32' && op === elementwise.mul) return Math.imul;
  if (dtype === 'int32' && op === elementwise.square) return (x) => Math.imul(x, x);
  if (dtype === 'int32' && op === elementwise.squaredDifference) return (x, y) => Math.imul(x - y, x - y);
  return (...xs) => op.scalar(...xs);
};

/** Ops without a result for some int32 operands; "int32" below says what they do. */
const partial: readonly ElementwiseOp[] = [elementwise.floorDiv, elementwise.floorMod, elementwise.pow];

const expected = (op: ElementwiseOp, shape: readonly number[], inputs: readonly HostTensor[]): number[] =>
  Array.from({ length: sizeOf(shape) }, (_, i) =>
    meaningOf(op, inputs[0].dtype)(...inputs.map((x) => x.data[indexInOperand(i, shape, x.shape)])),
  );

const operandsOf = (dtype: DType, arity: number): fc.Arbitrary<{ shape: number[]; inputs: HostTensor[] }> =>
  broadcastShapesOf(arity).chain(({ shape, operands }) =>
    fc.tuple(...operands.map((s) => tensors(dtype, s))).map((inputs) => ({ shape, inputs })),
  );

describe.each(Object.values(elementwise))('$name', (op) => {
  const arity = op.scalar.length;
  const accepted = dtypes.filter((dtype) => accepts(op, arity, dtype) && (dtype !== 'int32' || !partial.includes(op)));

  it.each(accepted)('computes its scalar meaning on %s, broadcasting', (dtype) => {
    const [rtol, atol] = dtype === 'float32' ? (tolerances[op.name] ?? [0, 0]) : [0, 0];
    fc.assert(
      fc.property(operandsOf(dtype, arity), fc.boolean(), ({ shape, inputs }, give) => {
        const out = run1(op, inputs, { donated: inputs.map(() => give) });
        expectTensor(out, resultDtype(op, inputs), shape, expected(op, shape, inputs), rtol, atol);
      }),
    );
  });
});

describe('int32', () => {
  it('wraps around', () => {
    const [x, y] = [tensor('int32', [2], [2 ** 31 - 1, 65_536]), tensor('int32', [2], [1, 65_537])];
    expectTensor(run1(elementwise.add, [x, y]), 'int32', [2], [-(2 ** 31), 131_073]);
    expectTensor(run1(elementwise.mul, [x, y]), 'int32', [2], [2 ** 31 - 1, 65_536]);
  });
});

describe('int32 division and powers', () => {
  const ints = (...xs: number[]): HostTensor => tensor('int32', [xs.length], xs);

  it('round towards minus infinity, wrap around', () => {
    const [x, y] = [ints(7, -7, 7, -7, 6), ints(2, 2, -2, -2, 3)];
    expectTensor(run1(elementwise.floorDiv, [x, y]), 'int32', [5], [3, -4, -4, 3, 2]);
    expectTensor(run1(elementwise.floorMod, [x, y]), 'int32', [5], [1, 1, -1, -1, 0]);
    expectTensor(
      run1(elementwise.pow, [ints(-3, 0, 2, 3), ints(3, 0, 33, 21)]),
      'int32',
      [4],
      [-27, 1, 0, 1_870_418_611],
    );
  });

  it('refuse what has no result', () => {
    expect(() => run1(elementwise.floorDiv, [ints(1), ints(0)])).toThrow('FloorDiv: 1 divided by 0, expected another');
    expect(() => run1(elementwise.floorMod, [ints(1), ints(0)])).toThrow('FloorMod: 1 divided by 0, expected another');
    expect(() => run1(elementwise.pow, [ints(2), ints(-1)])).toThrow(
      'Pow: 2 to the power -1, expected an exponent from 0',
    );
  });
});

describe('Select', () => {
  it.each(dtypes)('takes %s by a condition, all three broadcasting', (dtype) => {
    fc.assert(
      fc.property(
        broadcastShapesOf(3).chain(({ shape, operands: [c, x, y] }) =>
          fc.tuple(fc.constant(shape), tensors('bool', c), tensors(dtype, x), tensors(dtype, y)),
        ),
        ([shape, c, x, y]) => {
          const at = (t: HostTensor, i: number): number => t.data[indexInOperand(i, shape, t.shape)];
          const values = Array.from({ length: sizeOf(shape) }, (_, i) => (at(c, i) !== 0 ? at(x, i) : at(y, i)));
          expectTensor(run1(mixed.select, [c, x, y]), dtype, shape, values);
        },
      ),
    );
  });
});

describe('Cast', () => {
  const pairs = dtypes.flatMap((from) => dtypes.map((to) => [from, to] as const));

  it.each(pairs)('converts %s to %s', (from, to) => {
    const inRange = (x: number): boolean => to !== 'int32' || (Math.abs(x) < 2 ** 31 && !Number.isNaN(x));
    fc.assert(
      fc.property(
        shapes().chain((shape) => tensors(from, shape, elements(from).filter(inRange))),
        (x) => {
          expectTensor(
            run1(mixed.cast, [x], { attrs: { to } }),
            to,
            x.shape,
            Array.from(x.data, (v) => (to === 'int32' ? Math.trunc(v) : v)),
          );
        },
      ),
    );
  });

  it('keeps floats beyond int32 at its ends, and NaN at 0', () => {
    const x = tensor('float32', [4], [1e20, -1e20, NaN, Infinity]);
    expectTensor(
      run1(mixed.cast, [x], { attrs: { to: 'int32' } }),
      'int32',
      [4],
      [2 ** 31 - 1, -(2 ** 31), 0, 2 ** 31 - 1],
    );
  });
});
