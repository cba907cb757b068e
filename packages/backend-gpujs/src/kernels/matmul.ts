import { type MatmulAttrs, type Op, matrix, sizeOf } from '@tensorloom/graph';
import type { Launch } from '../launch.js';
import { type Plan, type Rule, rulesOf } from '../kernel.js';
import { access, broadcastView } from '../view.js';

/** Products of matrices, each `size` elements on from the last. One text serves all transpose forms: strides are swapped. */
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
      let sum = 0.5 - 0.5;
      for (let k = 0; k < inner; k++) {
        sum += x0[i] * x1[j];
        i += aInner;
        j += bInner;
      }
      return sum;`,
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
