import { type DType, type ElementwiseOp, elementwise, mixed, sizeOf, tensorSpec } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, it } from 'vitest';
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
  return (...xs) => op.scalar(...xs);
};

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
  const accepted = dtypes.filter((dtype) => accepts(op, arity, dtype));

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
