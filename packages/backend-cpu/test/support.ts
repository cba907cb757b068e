import { type DType, type Op, type TypedArray, sizeOf, toTypedArray } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor, KernelCall } from '@tensorloom/runtime';
import fc from 'fast-check';
import { expect } from 'vitest';
import { createCpu } from '../src/index.js';
import type { CpuBuffer } from '../src/index.js';

export const backend = createCpu({ simd: 'plain' });

export const tensor = (dtype: DType, shape: readonly number[], values: ArrayLike<number>): HostTensor => ({
  dtype,
  shape,
  data: toTypedArray(dtype, values),
});

export const ints = (...values: number[]): HostTensor => tensor('int32', [values.length], values);

interface Call {
  readonly attrs?: unknown;
  readonly host?: readonly HostTensor[];
  readonly donated?: readonly boolean[];
}

/** Runs a kernel on tensors of its own and checks that it left none behind. Donated inputs are freed by it, as by the runtime. */
export function run(
  op: Op,
  inputs: readonly HostTensor[],
  { attrs = {}, host = [], donated = [] }: Call = {},
): HostTensor[] {
  return runOn(backend, op, inputs, { attrs, host, donated: inputs.map((_, i) => donated[i] ?? false) });
}

export function runOn(on: Backend<CpuBuffer>, op: Op, inputs: readonly HostTensor[], call: KernelCall): HostTensor[] {
  const before = on.stats();
  const kernel = on.kernels.get(op);
  if (kernel === undefined) throw new Error(`no kernel for ${op.name}`);
  const device = inputs.map((x) => on.upload(x));
  let results: readonly DeviceTensor<CpuBuffer>[];
  try {
    const out = kernel(device, call);
    if (out instanceof Promise) throw new Error(`${op.name} gave a promise`);
    results = Array.isArray(out) ? out : [out as DeviceTensor<CpuBuffer>];
    // A kernel borrows its inputs: what it was not given, it leaves as it was.
    device.forEach((x, i) => {
      if (!call.donated[i]) expectTensor(download(on, x), x.dtype, x.shape, inputs[i].data);
    });
  } finally {
    for (const x of device) on.free(x);
  }
  const downloaded = results.map((r) => download(on, r));
  for (const r of results) on.free(r);
  expect(on.stats()).toEqual(before);
  return downloaded;
}

function download(on: Backend<CpuBuffer>, x: DeviceTensor<CpuBuffer>): HostTensor {
  const host = on.download(x);
  if (host instanceof Promise) throw new Error('download gave a promise');
  return host;
}

/** The only result. */
export function run1(op: Op, inputs: readonly HostTensor[], call: Call = {}): HostTensor {
  const results = run(op, inputs, call);
  expect(results).toHaveLength(1);
  return results[0];
}

/**
 * Compares dtype, shape and elements with `values` rounded to the dtype (NaN equals NaN, -0 equals 0), or, within `rtol` and
 * `atol`, with `values` themselves.
 */
export function expectTensor(
  actual: HostTensor,
  dtype: DType,
  shape: readonly number[],
  values: ArrayLike<number>,
  rtol = 0,
  atol = 0,
): void {
  expect(actual.dtype).toBe(dtype);
  expect(actual.shape).toEqual(shape);
  expect(actual.data.length).toBe(values.length);
  const expected: TypedArray = toTypedArray(dtype, values);
  for (let i = 0; i < expected.length; i++) {
    const [x, y] = [actual.data[i], expected[i]];
    const isClose = Math.abs(x - values[i]) <= atol + rtol * Math.abs(values[i]);
    const equal = x === y || (Number.isNaN(x) && Number.isNaN(y)) || isClose;
    if (!equal) expect.fail(`element ${i}: expected ${y}, got ${x}`);
  }
}

export const shapes = (maxRank = 4, maxLength = 6): fc.Arbitrary<number[]> =>
  fc.array(fc.oneof({ arbitrary: fc.integer({ min: 1, max: maxLength }), weight: 9 }, fc.constant(0)), {
    maxLength: maxRank,
  });

/** Any element of a dtype; floats with NaN and infinities. */
export function elements(dtype: DType): fc.Arbitrary<number> {
  const some = fc.integer({ min: -4, max: 4 });
  switch (dtype) {
    case 'float32':
      return fc.oneof(fc.float(), fc.float({ min: -8, max: 8 }), some);
    case 'float64':
      return fc.oneof(fc.double(), fc.double({ min: -8, max: 8 }), some);
    case 'int32':
      return fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), some);
    case 'bool':
      return fc.integer({ min: 0, max: 1 });
  }
}

/** Moderate numbers, so that sums and products stay exact or nearly so. */
export const small = (dtype: DType): fc.Arbitrary<number> =>
  dtype === 'bool' || dtype === 'int32'
    ? dtype === 'bool'
      ? elements(dtype)
      : fc.integer({ min: -9, max: 9 })
    : fc.float({ min: -2, max: 2, noNaN: true });

export const tensors = (dtype: DType, shape: readonly number[], element = elements(dtype)): fc.Arbitrary<HostTensor> =>
  fc
    .array(element, { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((values) => tensor(dtype, shape, values));

/** A shape, and `n` shapes that together broadcast to it. */
export const broadcastShapesOf = (n: number): fc.Arbitrary<{ shape: number[]; operands: number[][] }> =>
  shapes().chain((shape) =>
    fc
      .tuple(
        fc.integer({ min: 0, max: n - 1 }),
        fc.array(
          fc.tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length })),
          { minLength: n, maxLength: n },
        ),
      )
      .map(([whole, cuts]) => ({
        shape,
        operands: cuts.map(([missing, ones], i) =>
          i === whole ? shape : shape.map((d, k) => (ones[k] ? 1 : d)).slice(missing),
        ),
      })),
  );

/** Index, in a row-major operand that broadcasts to `shape`, of element `i` of `shape`. */
export function indexInOperand(i: number, shape: readonly number[], operand: readonly number[]): number {
  let index = 0;
  let step = 1;
  for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
    const at = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
    const own = axis - shape.length + operand.length;
    if (own < 0) continue;
    if (operand[own] !== 1) index += at * step;
    step *= operand[own];
  }
  return index;
}

/** The index along each axis of element `i` of `shape`. */
export function coordinates(i: number, shape: readonly number[]): number[] {
  const at = shape.map(() => 0);
  for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
    at[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return at;
}

/** The position of the element at `at`. */
export const position = (at: readonly number[], shape: readonly number[]): number =>
  at.reduce((sum, k, axis) => sum * shape[axis] + k, 0);

/** The elements of a tensor made one by one from their coordinates. */
export const build = (shape: readonly number[], element: (at: number[]) => number): number[] =>
  Array.from({ length: sizeOf(shape) }, (_, i) => element(coordinates(i, shape)));
