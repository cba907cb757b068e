import { createCpu } from '@tensorloom/backend-cpu';
import { type DType, type Op, elementwise, mixed } from '@tensorloom/graph';
import type { Backend, DeviceTensor, ElementwiseRegion, Kernel, RegionStep } from '@tensorloom/runtime';
import { ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const { add, sub, mul, maximum, neg, abs, square, exp, tanh, sigmoid, relu, less, logicalNot } = elementwise;
/** Ops with the dtypes they take and give. */
const ops: readonly {
  readonly op: Op;
  readonly takes: readonly DType[];
  readonly gives: DType;
  readonly attrs?: object;
}[] = [
  ...[add, sub, mul, maximum].map((op: Op) => ({
    op,
    takes: ['float32', 'float32'] as const,
    gives: 'float32' as const,
  })),
  ...[neg, abs, square, exp, tanh, sigmoid, relu].map((op: Op) => ({
    op,
    takes: ['float32'] as const,
    gives: 'float32' as const,
  })),
  { op: less, takes: ['float32', 'float32'], gives: 'bool' },
  { op: logicalNot, takes: ['bool'], gives: 'bool' },
  { op: mixed.select, takes: ['bool', 'float32', 'float32'], gives: 'float32' },
  { op: mixed.cast, takes: ['bool'], gives: 'float32', attrs: { to: 'float32' } },
];

const shapes = [[4, 5], [5], [4, 1], [], [4, 5]];
const inputs = fc.tuple(...shapes.map((shape, i) => ndarrays(i === 3 ? 'bool' : 'float32', shape, { specials: true })));

/** Steps that each take what is there before them. */
const regions: fc.Arbitrary<ElementwiseRegion> = fc
  .array(fc.tuple(fc.constantFrom(...ops), fc.array(fc.nat(), { minLength: 3, maxLength: 3 })), {
    minLength: 2,
    maxLength: 12,
  })
  .map((chosen) => {
    const dtypes: DType[] = shapes.map((_, i) => (i === 3 ? 'bool' : 'float32'));
    const steps: RegionStep[] = [];
    for (const [{ op, takes, gives, attrs = {} }, picks] of chosen) {
      const operands = takes.map((dtype, i) => {
        const fit = dtypes.flatMap((d, k) => (d === dtype ? [k] : []));
        return fit[picks[i] % fit.length];
      });
      steps.push({ op, attrs, operands, dtype: gives });
      dtypes.push(gives);
    }
    // The result is of the shape of all inputs together.
    const last = dtypes.lastIndexOf('float32');
    steps.push({ op: add, attrs: {}, operands: [0, last], dtype: 'float32' });
    return { inputs: dtypes.slice(0, shapes.length), steps };
  });

test('a region gives the bits that its ops give one after the other, and leaves nothing behind', () => {
  const backend: Backend = createCpu();
  const run = (kernel: Kernel<unknown> | undefined, given: readonly DeviceTensor[], attrs: unknown): DeviceTensor => {
    const made = kernel?.(given, { attrs, host: [], donated: given.map(() => false) });
    if (made === undefined || made instanceof Promise || !('buffer' in made))
      throw new Error('expected one tensor at once');
    return made;
  };
  const bitsOf = (x: DeviceTensor): unknown => {
    const host = backend.download(x);
    if (host instanceof Promise) throw new Error('expected it at once');
    return [host.shape, new Uint8Array(host.data.buffer)];
  };
  fc.assert(
    fc.property(inputs, regions, (arrays, region) => {
      const values = arrays.map((x) => backend.upload(x));
      for (const { op, attrs, operands } of region.steps) {
        values.push(
          run(
            backend.kernels.get(op),
            operands.map((k) => values[k]),
            attrs,
          ),
        );
      }
      const whole = run(backend.fuse?.(region), values.slice(0, arrays.length), {});
      expect(bitsOf(whole)).toEqual(bitsOf(values[values.length - 1]));
      [whole, ...values].forEach((x) => backend.free(x));
    }),
    { numRuns: 100 },
  );
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
});

test('a donated operand of its size is computed over', () => {
  const backend: Backend = createCpu();
  const x = backend.upload({ dtype: 'float32', shape: [3], data: Float32Array.of(1, 2, 3) });
  const before = backend.stats().bytes;
  const step = (op: Op, ...operands: number[]): RegionStep => ({ op, attrs: {}, operands, dtype: 'float32' });
  const kernel = backend.fuse?.({ inputs: ['float32'], steps: [step(neg, 0), step(square, 1)] });
  const y = kernel?.([x], { attrs: {}, host: [], donated: [true] });
  expect(backend.stats().bytes).toBe(before);
  if (y === undefined || y instanceof Promise || !('buffer' in y)) throw new Error('expected one tensor at once');
  backend.free(x);
  expect(backend.download(y)).toMatchObject({ data: Float32Array.of(1, 4, 9) });
  backend.free(y);
});
