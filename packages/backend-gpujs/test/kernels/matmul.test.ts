import { matrix, shape } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import { gpujs } from '../../src/index.js';
import { onHost } from '../../src/kernel.js';
import { compute, tensor } from '../support.js';

const [m, k, n] = [2, 1500, 3];
// Halves are exact in float32, and so are their sums in any order.
const numbers = (length: number): number[] => Array.from({ length }, (_, i) => ((i * 7) % 11) / 2 - 2);
const a = tensor('float32', [m, k], numbers(m * k));
const b = tensor('float32', [k, n], numbers(k * n));
const product = tensor(
  'float32',
  [m, n],
  Array.from({ length: m * n }, (_, i) => {
    let sum = 0;
    for (let p = 0; p < k; p++) sum += a.data[Math.floor(i / n) * k + p] * b.data[p * n + (i % n)];
    return sum;
  }),
);

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('1500 terms per element, transposed: %s and %s', async (transposeA, transposeB) => {
    const backend = await gpujs({ mode });
    const given = (x: typeof a, transpose: boolean) =>
      transpose ? onHost(shape.transpose)([x], { perm: [1, 0] })[0] : x;
    const inputs = [given(a, transposeA), given(b, transposeB)];
    expect(await compute(backend, matrix.matmul, inputs, { transposeA, transposeB })).toEqual(product);
  });

  test('NaN and infinities reach every element that they are in', async () => {
    const backend = await gpujs({ mode });
    const x = tensor('float32', [2, 2], [NaN, 1, Infinity, 1]);
    const y = tensor('float32', [2, 2], [0, 1, 1, -1]);
    const forms = { transposeA: false, transposeB: false };
    expect((await compute(backend, matrix.matmul, [x, y], forms)).data).toEqual(
      Float32Array.of(NaN, NaN, NaN, Infinity),
    );
  });

  test('inner dimensions that differ are an error', async () => {
    const backend = await gpujs({ mode });
    const forms = { transposeA: false, transposeB: false };
    await expect(compute(backend, matrix.matmul, [a, a], forms)).rejects.toThrow(
      'MatMul: inner dimensions differ: [2,1500] has 1500 columns, [2,1500] has 2 rows.',
    );
  });
});
