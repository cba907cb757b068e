import { matmul, matrix, reduceSum } from '@tensorloom/graph';
import { rulesOf } from '../rule.js';

/** Gradients of the products. */
export const matrixRules = rulesOf(matrix, {
  matmul: ({ inputs: [a, b], attrs: { transposeA: ta, transposeB: tb } }, dy) => [
    ta ? matmul(b, dy, { transposeA: tb, transposeB: true }) : matmul(dy, b, { transposeB: !tb }),
    tb ? matmul(dy, a, { transposeA: true, transposeB: ta }) : matmul(a, dy, { transposeA: !ta }),
  ],
  biasAdd: ({ inputs: [x] }, dy) => [
    dy,
    reduceSum(
      dy,
      Array.from({ length: (x.shape?.length ?? 1) - 1 }, (_, i) => i),
    ),
  ],
});
