import { type Tensor, apply1, matmul, matrix, reduceSum, sumToLike } from '@tensorloom/graph';
import { rulesOf } from '../rule.js';

const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor =>
  apply1(matrix.batchMatmul, [a, b], { transposeA, transposeB });

/** Gradients of the products. */
export const matrixRules = rulesOf(matrix, {
  matmul: ({ inputs: [a, b], attrs: { transposeA: ta, transposeB: tb } }, dy) => [
    ta ? matmul(b, dy, { transposeA: tb, transposeB: true }) : matmul(dy, b, { transposeB: !tb }),
    tb ? matmul(dy, a, { transposeA: true, transposeB: ta }) : matmul(a, dy, { transposeA: !ta }),
  ],
  batchMatmul: ({ inputs: [a, b], attrs: { transposeA: ta, transposeB: tb } }, dy) => [
    sumToLike(ta ? product(b, dy, tb, true) : product(dy, b, false, !tb), a),
    sumToLike(tb ? product(dy, a, true, ta) : product(a, dy, !ta, false), b),
  ],
  biasAdd: ({ inputs: [x] }, dy) => [
    dy,
    reduceSum(
      dy,
      Array.from({ length: (x.shape?.length ?? 1) - 1 }, (_, i) => i),
    ),
  ],
  // It serves initial values, which nobody differentiates.
  orthonormalize: null,
});
