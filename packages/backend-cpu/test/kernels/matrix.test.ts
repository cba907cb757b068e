import { type DType, matrix } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { build, expectTensor, run, run1, small, tensor, tensors } from '../support.js';

const forms = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

/** a[m,k] b[k,n] in double precision, each stored transposed on request. */
const product = (
  a: HostTensor,
  b: HostTensor,
  [ta, tb]: readonly [boolean, boolean],
  m: number,
  n: number,
  k: number,
): number[] =>
  build([m, n], ([i, j]) => {
    let sum = 0;
    for (let p = 0; p < k; p++) sum += a.data[ta ? p * m + i : i * k + p] * b.data[tb ? j * k + p : p * n + j];
    return sum;
  });

const stored = (rows: number, columns: number, transposed: boolean): number[] =>
  transposed ? [columns, rows] : [rows, columns];

describe('MatMul', () => {
  describe.each(forms)('transposeA %s, transposeB %s', (transposeA, transposeB) => {
    const attrs = { transposeA, transposeB };

    it.each(['float32', 'float64', 'int32'] as const)('multiplies %s matrices of any size', (dtype) => {
      const length = fc.nat(21);
      const operands = fc
        .tuple(length, length, length)
        .chain(([m, n, k]) =>
          fc.tuple(
            fc.constant([m, n, k] as const),
            tensors(dtype, stored(m, k, transposeA), small(dtype)),
            tensors(dtype, stored(k, n, transposeB), small(dtype)),
          ),
        );
      const [rtol, atol] = { float32: [1e-6, 1e-5], float64: [1e-14, 1e-14], int32: [0, 0] }[dtype];
      fc.assert(
        fc.property(operands, ([[m, n, k], a, b]) => {
          const expected = product(a, b, [transposeA, transposeB], m, n, k);
          expectTensor(run1(matrix.matmul, [a, b], { attrs }), dtype, [m, n], expected, rtol, atol);
        }),
        { numRuns: 60 },
      );
    });

    it.each([
      [150, 150, 178],
      [131, 9, 1025],
      [257, 65, 513],
    ])('multiplies float32 in blocks: %i x %i, inner %i', (m, n, k) => {
      const values = (n: number, seed: number): Float32Array =>
        Float32Array.from({ length: n }, (_, i) => ((i * seed) % 1013) / 506 - 1);
      const a = tensor('float32', stored(m, k, transposeA), values(m * k, 7919));
      const b = tensor('float32', stored(k, n, transposeB), values(k * n, 6007));
      const expected = product(a, b, [transposeA, transposeB], m, n, k);
      expectTensor(run1(matrix.matmul, [a, b], { attrs }), 'float32', [m, n], expected, 1e-5, 1e-4);
    });
  });

  it('keeps NaN and Infinity to the rows and columns they stand in', () => {
    const [m, n, k] = [5, 9, 3];
    const a = tensor(
      'float32',
      [m, k],
      build([m, k], ([i, p]) => (i === 4 && p === 1 ? NaN : 1)),
    );
    const b = tensor(
      'float32',
      [k, n],
      build([k, n], ([p, j]) => (j === 8 && p === 0 ? Infinity : 1)),
    );
    const out = run1(matrix.matmul, [a, b], { attrs: { transposeA: false, transposeB: false } });
    expectTensor(
      out,
      'float32',
      [m, n],
      build([m, n], ([i, j]) => (i === 4 ? NaN : j === 8 ? Infinity : 3)),
    );
  });

  it('wraps around in int32', () => {
    const [a, b] = [tensor('int32', [1, 2], [65_536, 2 ** 31 - 1]), tensor('int32', [2, 1], [65_537, 2])];
    expectTensor(
      run1(matrix.matmul, [a, b], { attrs: { transposeA: false, transposeB: false } }),
      'int32',
      [1, 1],
      [65_534],
    );
  });

  it('names what does not fit', () => {
    const zeros = (dtype: DType, ...shape: number[]): HostTensor =>
      tensor(dtype, shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
    const attrs = { transposeA: true, transposeB: false };
    expect(() => run(matrix.matmul, [zeros('float32', 2, 3), zeros('float32', 3, 4)], { attrs })).toThrow(
      new RangeError(
        'MatMul: inner dimensions differ: [2,3] transposed and [3,4]. Make them equal, or transpose an operand.',
      ),
    );
    expect(() => run(matrix.matmul, [zeros('float32', 2), zeros('float32', 2, 4)], { attrs })).toThrow(
      new RangeError('MatMul: expected two matrices, got [2] and [2,4]. Reshape to rank 2.'),
    );
    expect(() => run(matrix.matmul, [zeros('bool', 2, 2), zeros('bool', 2, 2)], { attrs })).toThrow(
      new TypeError('MatMul: expected numeric operands, got bool. Use cast().'),
    );
  });
});

describe('BiasAdd', () => {
  it('adds along the last axis', () => {
    const x = tensor(
      'float64',
      [2, 2, 3],
      build([2, 2, 3], ([i, j, k]) => 100 * i + 10 * j + k),
    );
    const bias = tensor('float64', [3], [0.5, 0.25, 0.125]);
    expectTensor(
      run1(matrix.biasAdd, [x, bias]),
      'float64',
      [2, 2, 3],
      x.data.map((v, i) => v + bias.data[i % 3]),
    );
  });

  it('takes no bias that would have to repeat', () => {
    expect(() =>
      run(matrix.biasAdd, [tensor('float32', [2, 3], new Array(6).fill(0)), tensor('float32', [1], [1])]),
    ).toThrow(new RangeError('BiasAdd: expected a bias of shape [3] for [2,3], got [1].'));
  });
});
