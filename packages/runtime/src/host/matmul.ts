import { matrix } from '@tensorloom/graph';
import { hostLoopsOf } from './host-kernel.js';

/** Host loops of the products: sums in double precision, int32 ones wrap. */
export const matrixLoops = hostLoopsOf(matrix, {
  matmul([a, b], [y], { transposeA, transposeB }) {
    const [rows, columns] = y.shape;
    const inner = a.shape[transposeA ? 0 : 1];
    const atA = (i: number, k: number): number => a.data[transposeA ? k * rows + i : i * inner + k];
    const atB = (k: number, j: number): number => b.data[transposeB ? j * inner + k : k * columns + j];
    const wraps = y.dtype === 'int32';
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          sum = wraps ? (sum + Math.imul(atA(i, k), atB(k, j))) | 0 : sum + atA(i, k) * atB(k, j);
        }
        y.data[i * columns + j] = sum;
      }
    }
  },
  biasAdd([x, bias], [y]) {
    for (let i = 0; i < y.data.length; i++) y.data[i] = x.data[i] + bias.data[i % bias.data.length];
  },
});
