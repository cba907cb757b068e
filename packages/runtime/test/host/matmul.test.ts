import { matrix, shape } from '@tensorloom/graph';
import { ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filled, result, run, tensor } from './host.js';

const plain = { transposeA: false, transposeB: false };
const a = [
  [1, 2, 3],
  [4, 5, 6],
];
const b = [
  [1, 0],
  [2, -1],
  [0, 3],
];

describe('matmul on the host', () => {
  it('multiplies matrices of all numeric dtypes', () => {
    for (const dtype of ['float32', 'float64', 'int32'] as const) {
      expect(result(matrix.matmul, [tensor(dtype, a), tensor(dtype, b)], plain)).toEqual([
        [5, 7],
        [14, 13],
      ]);
    }
  });

  it('reads an operand transposed as if it had been transposed before', () => {
    const length = fc.nat(5);
    const drawn = fc
      .tuple(length, length, length)
      .chain(([m, k, n]) => fc.tuple(ndarrays('float64', [m, k]), ndarrays('float64', [k, n])));
    const turn = { perm: [1, 0] };
    fc.assert(
      fc.property(drawn, ([x, y]) => {
        const expected = run(matrix.matmul, [x, y], plain);
        const [xT, yT] = [x, y].map((t) => run(shape.transpose, [t], turn)[0]);
        expect(run(matrix.matmul, [xT, y], { transposeA: true, transposeB: false })).toEqual(expected);
        expect(run(matrix.matmul, [x, yT], { transposeA: false, transposeB: true })).toEqual(expected);
        expect(run(matrix.matmul, [xT, yT], { transposeA: true, transposeB: true })).toEqual(expected);
      }),
    );
  });

  it('gives zeros for no inner elements', () => {
    expect(result(matrix.matmul, [filled('float32', [2, 0], []), filled('float32', [0, 2], [])], plain)).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('sums floats in double precision, and wraps integers', () => {
    const row = [[2 ** 24, 1, 1]];
    const ones = [[1], [1], [1]];
    expect(result(matrix.matmul, [tensor('float32', row), tensor('float32', ones)], plain)).toEqual([[2 ** 24 + 2]]);
    expect(result(matrix.matmul, [tensor('int32', [[65535, 1]]), tensor('int32', [[65535], [-7]])], plain)).toEqual([
      [-131078],
    ]);
  });

  it('throws when inner dimensions differ', () => {
    expect(() => run(matrix.matmul, [tensor('float32', a), tensor('float32', a)], plain)).toThrow(
      'MatMul: inner dimensions differ: [2,3] has 3 columns, [2,3] has 2 rows.',
    );
  });
});

describe('biasAdd on the host', () => {
  it('adds along the last axis', () => {
    expect(result(matrix.biasAdd, [tensor('float32', [a, a]), tensor('float32', [10, 20, 30])], {})).toEqual([
      [
        [11, 22, 33],
        [14, 25, 36],
      ],
      [
        [11, 22, 33],
        [14, 25, 36],
      ],
    ]);
    expect(run(matrix.biasAdd, [filled('float32', [2, 0], []), filled('float32', [0], [])], {})[0].shape).toEqual([
      2, 0,
    ]);
  });
});
