import { matrix } from '@tensorloom/graph';
import { floatsOf, plansOf } from '../kernel.js';

/** Plans of the products. One kernel serves all transpose forms: an operand is transposed by swapping its strides. */
export const matrixPlans = plansOf(matrix, {
  matmul([a, b], [, columns], { transposeA, transposeB }) {
    const inner = a.shape[transposeA ? 0 : 1];
    const [aRow, aInner] = transposeA ? [1, a.shape[1]] : [inner, 1];
    const [bInner, bColumn] = transposeB ? [1, inner] : [columns, 1];
    return {
      body: `
        const row = Math.floor(this.thread.x / columns);
        const column = this.thread.x % columns;
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          sum += a[row * aRow + k * aInner] * b[k * bInner + column * bColumn];
        }
        return sum;`,
      arrays: { a: floatsOf(a), b: floatsOf(b) },
      integers: { columns, inner, aRow, aInner, bInner, bColumn },
    };
  },
});
