import { type DType, NDArray, type Op, create, elementwise, matrix, mixed, reduce, shape } from '@tensorloom/graph';
import { samplers } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { hostKernel, inOrder } from '../../src/host/host-kernel.js';
import { hostKernels } from '../../src/host/index.js';
import { tensor } from './host.js';

describe('hostKernel', () => {
  it('gives the loops zeroed outputs of the dtype and shape that the op infers from the real inputs', () => {
    const seen: unknown[] = [];
    const kernel = hostKernel(elementwise.less, (inputs, outputs) => seen.push(...inputs, ...outputs));
    const [x, y] = [tensor('float32', [[1], [2]]), tensor('float32', [3, 4, 5])];
    const outputs = kernel([x, y], {});
    expect(outputs).toEqual([{ dtype: 'bool', shape: [2, 3], data: new Uint8Array(6) }]);
    expect(seen).toEqual([x, y, ...outputs]);
  });

  it('throws what inference throws, with the real shapes', () => {
    const kernel = hostKernel(matrix.biasAdd, () => undefined);
    expect(() => kernel([tensor('float32', [1, 2]), tensor('float32', [1, 2, 3])], {})).toThrow(
      'BiasAdd: expected a bias of shape [2] for float32[2], got [3].',
    );
  });
});

test('inOrder puts host inputs back where the op has them', () => {
  const op: Op = { ...elementwise.add, hostInputs: [1] };
  expect(inOrder(op, ['a', 'b'], ['c'])).toEqual(['a', 'c', 'b']);
});

describe('hostKernels', () => {
  it('has every op that computes', () => {
    const ops = [elementwise, mixed, shape, reduce, matrix, create].flatMap((family): Op[] => Object.values(family));
    expect(ops.filter((op) => !hostKernels.has(op))).toEqual([]);
  });

  it('leaves inputs as they are, and stores elements as their dtype does', () => {
    const bytes = (x: NDArray): string =>
      Buffer.from(x.data.buffer, x.data.byteOffset, x.data.byteLength).toString('hex');
    const storage: Record<DType, unknown> = {
      float32: Float32Array,
      float64: Float64Array,
      int32: Int32Array,
      bool: Uint8Array,
    };
    for (const [op, { dtypes, draw }] of samplers) {
      for (const dtype of dtypes) {
        fc.assert(
          fc.property(draw(dtype, true), ({ inputs, attrs }) => {
            const before = inputs.map(bytes);
            for (const y of hostKernels.get(op)?.(inputs, attrs) ?? []) {
              expect(y.data).toBeInstanceOf(storage[y.dtype]);
              if (y.dtype === 'bool') expect(y.data.every((v) => v === 0 || v === 1)).toBe(true);
            }
            expect(inputs.map(bytes)).toEqual(before);
          }),
          { numRuns: 5 },
        );
      }
    }
  });
});
