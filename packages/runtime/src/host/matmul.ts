import { type MatmulAttrs, matrix, sizeOf } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { broadcastStrides, offsetsOf } from './broadcast.js';
import { hostLoopsOf } from './host-kernel.js';

/** The product of one pair of matrices, at these places: sums in double precision, int32 ones wrap. */
function multiply(
  [a, b]: readonly HostTensor[],
  y: HostTensor,
  [fromA, fromB, to]: readonly number[],
  { transposeA, transposeB }: MatmulAttrs,
): void {
  const [rows, columns] = y.shape.slice(-2);
  const inner = a.shape[a.shape.length - (transposeA ? 2 : 1)];
  const atA = (i: number, k: number): number => a.data[fromA + (transposeA ? k * rows + i : i * inner + k)];
  const atB = (k: number, j: number): number => b.data[fromB + (transposeB ? j * inner + k : k * columns + j)];
  const wraps = y.dtype === 'int32';
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        sum = wraps ? (sum + Math.imul(atA(i, k), atB(k, j))) | 0 : sum + atA(i, k) * atB(k, j);
      }
      y.data[to + i * columns + j] = sum;
    }
  }
}

/** Host loops of the products. */
export const matrixLoops = hostLoopsOf(matrix, {
  matmul: (operands, [y], attrs) => multiply(operands, y, [0, 0, 0], attrs),
  batchMatmul(operands, [y], attrs) {
    const batch = y.shape.slice(0, -2);
    const [atA, atB, at] = [...operands, y].map(({ shape }) => {
      const size = sizeOf(shape.slice(-2));
      return offsetsOf(batch, broadcastStrides(shape.slice(0, -2), batch)).map((i) => i * size);
    });
    at.forEach((to, i) => multiply(operands, y, [atA[i], atB[i], to], attrs));
  },
  biasAdd([x, bias], [y]) {
    for (let i = 0; i < y.data.length; i++) y.data[i] = x.data[i] + bias.data[i % bias.data.length];
  },
  orthonormalize([x], [y]) {
    const [rows, columns] = x.shape;
    const q = Float64Array.from(x.data);
    const dot = (i: number, j: number): number => {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += q[r * columns + i] * q[r * columns + j];
      return sum;
    };
    for (let j = 0; j < columns; j++) {
      // Twice, because the first time leaves rounding errors that the second one removes.
      for (let pass = 0; pass < 2; pass++) {
        for (let i = 0; i < j; i++) {
          const part = dot(i, j);
          for (let r = 0; r < rows; r++) q[r * columns + j] -= part * q[r * columns + i];
        }
      }
      const length = Math.sqrt(dot(j, j));
      for (let r = 0; r < rows; r++) q[r * columns + j] /= length;
    }
    y.data.set(q);
  },
});
