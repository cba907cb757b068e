import { type MatmulAttrs, type Op, matrix, sizeOf } from '@tensorloom/graph';
import type { Launch } from '../launch.js';
import { type Plan, type Rule, rulesOf } from '../kernel.js';
import { access, broadcastView } from '../view.js';

/**
 * Products of matrices, each `size` elements on from the last. One text serves all transpose forms: strides are swapped. Four sums at a
 * time do not wait for each other.
 */
const product: Plan<MatmulAttrs> = ([a, b], [{ shape }], { transposeA, transposeB }) => {
  const batch = shape.slice(0, -2);
  const [rows, columns] = shape.slice(-2);
  const inner = a.shape[a.shape.length - (transposeA ? 2 : 1)];
  const [aRow, aInner] = transposeA ? [1, rows] : [inner, 1];
  const [bInner, bColumn] = transposeB ? [1, inner] : [columns, 1];
  const matrices = access(
    batch,
    [a, b].map((x) => broadcastView(x.shape.slice(0, -2), batch)),
    { index: 'matrix' },
  );
  const isBatch = sizeOf(batch) > 1;
  const [aAt, bAt] = isBatch ? matrices.at.map((at, i) => `(${at}) * size${i} + `) : ['', ''];
  const which = `
      const matrix = quotient(line, rows);
      const row = line - matrix * rows;
      ${matrices.body}`;
  const launch: Launch = {
    body: `
      const line = quotient(this.thread.x, columns);
      const column = this.thread.x - line * columns;
      ${isBatch ? which : 'const row = line;'}
      let i = ${aAt}row * aRow;
      let j = ${bAt}column * bColumn;
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      const fours = quotient(inner, 4);
      const rest = inner - 4 * fours;
      for (let k = 0; k < fours; k++) {
        sum0 += x0[i] * x1[j];
        sum1 += x0[i + aInner] * x1[j + bInner];
        sum2 += x0[i + 2 * aInner] * x1[j + 2 * bInner];
        sum3 += x0[i + 3 * aInner] * x1[j + 3 * bInner];
        i += 4 * aInner;
        j += 4 * bInner;
      }
      for (let k = 0; k < rest; k++) {
        sum0 += x0[i] * x1[j];
        i += aInner;
        j += bInner;
      }
      return sum0 + sum1 + sum2 + sum3;`,
    arrays: { x0: 0, x1: 1 },
    integers: {
      columns,
      inner,
      aRow,
      aInner,
      bInner,
      bColumn,
      ...(isBatch && { rows, size0: rows * inner, size1: inner * columns, ...matrices.integers }),
    },
  };
  return [launch];
};

/** Rules of the products. */
export const matrixRules: readonly [Op, Rule][] = rulesOf(matrix, {
  matmul: { plan: product },
  batchMatmul: { plan: product },
});
