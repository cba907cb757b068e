import { type DType, type Op, isFloating, matrix, reduce, sameShape, showShape } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';

/** How far a number may be from what is expected: `atol + rtol * |expected|`. */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

const exact: Tolerance = { rtol: 0, atol: 0 };

/** The tolerance of a dtype; PyTorch's defaults for comparing tensors. Integers and booleans are exact. */
export const tolerances: Readonly<Record<DType, Tolerance>> = {
  float32: { rtol: 1.3e-6, atol: 1e-5 },
  float64: { rtol: 1e-7, atol: 1e-7 },
  int32: exact,
  bool: exact,
};

/** Ops that round many times, and so need more in float32. */
const opTolerances: ReadonlyMap<Op, Partial<Tolerance>> = new Map<Op, Partial<Tolerance>>([
  [reduce.prod, { rtol: 1e-5 }],
  [matrix.matmul, { atol: 5e-5 }],
]);

/** What an op's result of a dtype is allowed; `own` overrides it for floats. */
export const toleranceOf = (op: Op, dtype: DType, own: Partial<Tolerance> = {}): Tolerance =>
  isFloating(dtype)
    ? { ...tolerances[dtype], ...(dtype === 'float32' ? opTolerances.get(op) : {}), ...own }
    : tolerances[dtype];

/**
 * The largest error of `got`, in units of what the tolerance allows: it agrees when this is at most 1. NaN agrees with NaN,
 * an infinity with itself. Throws naming the element that is worst when it does not, and when dtypes or shapes differ.
 */
export function compareTensors(expected: HostTensor, got: HostTensor, { rtol, atol }: Tolerance): number {
  if (got.dtype !== expected.dtype || !sameShape(got.shape, expected.shape)) {
    throw new Error(`expected ${expected.dtype}${showShape(expected.shape)}, got ${got.dtype}${showShape(got.shape)}.`);
  }
  let worst = 0;
  let at = 0;
  expected.data.forEach((e, i) => {
    const error = errorOf(e, got.data[i], { rtol, atol });
    if (error > worst) [worst, at] = [error, i];
  });
  if (worst > 1) {
    throw new Error(
      `element ${at} of ${showShape(expected.shape)}: expected ${expected.data[at]}, got ${got.data[at]}.`,
    );
  }
  return worst;
}

function errorOf(expected: number, got: number, { rtol, atol }: Tolerance): number {
  if (expected === got || (Number.isNaN(expected) && Number.isNaN(got))) return 0;
  if (!Number.isFinite(expected) || !Number.isFinite(got)) return Infinity;
  return Math.abs(got - expected) / (atol + rtol * Math.abs(expected));
}
