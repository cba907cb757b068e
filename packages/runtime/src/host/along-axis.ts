import { alongAxis, isFloating, sizeOf } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { type HostLoops, hostLoopsOf } from './host-kernel.js';

/** Calls `visit` for every row along an axis: where its first element lies, how far apart they are, how many rows came before. */
function rowsAlong(
  { shape }: HostTensor,
  axis: number,
  visit: (start: number, stride: number, row: number) => void,
): void {
  const stride = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  for (let i = 0, row = 0; i < outer; i++) {
    for (let k = 0; k < stride; k++, row++) visit(i * shape[axis] * stride + k, stride, row);
  }
}

/** Where the first element is that beats all others; NaN beats every number. */
const best =
  (beats: (x: number, y: number) => boolean): HostLoops<{ readonly axis: number }> =>
  ([x], [y], { axis }) =>
    rowsAlong(x, axis, (start, stride, row) => {
      let at = 0;
      for (let i = 1; i < x.shape[axis]; i++) {
        const [value, champion] = [x.data[start + i * stride], x.data[start + at * stride]];
        if (beats(value, champion) || (Number.isNaN(value) && !Number.isNaN(champion))) at = i;
      }
      y.data[row] = at;
    });

/** Larger first, NaN before all, of equal ones the earlier. */
const byValue =
  (values: ArrayLike<number>, start: number) =>
  (i: number, j: number): number => {
    const [x, y] = [values[start + i], values[start + j]];
    if (x > y) return -1;
    if (x < y) return 1;
    return Number(Number.isNaN(y)) - Number(Number.isNaN(x)) || i - j;
  };

/** Host loops of the ops that work along one axis. */
export const alongAxisLoops = hostLoopsOf(alongAxis, {
  argMax: best((x, y) => x > y),
  argMin: best((x, y) => x < y),
  cumsum([x], [y], { axis, exclusive, reverse }) {
    const length = x.shape[axis];
    const wraps = !isFloating(x.dtype);
    rowsAlong(x, axis, (start, stride) => {
      let sum = 0;
      for (let i = 0; i < length; i++) {
        const at = start + (reverse ? length - 1 - i : i) * stride;
        const before = sum;
        sum = wraps ? (sum + x.data[at]) | 0 : sum + x.data[at];
        y.data[at] = exclusive ? before : sum;
      }
    });
  },
  topK([x, count], [values, indices]) {
    const [k, length] = [count.data[0], x.shape[x.shape.length - 1]];
    rowsAlong(x, x.shape.length - 1, (start, _, row) => {
      const order = Int32Array.from({ length }, (_, i) => i).sort(byValue(x.data, start));
      for (let i = 0; i < k; i++) {
        indices.data[row * k + i] = order[i];
        values.data[row * k + i] = x.data[start + order[i]];
      }
    });
  },
  reverseSequence([x, lengths], [y], { seqAxis, batchAxis }) {
    const steps = x.shape[seqAxis];
    const wrong = lengths.data.find((n) => n < 0 || n > steps);
    if (wrong !== undefined) {
      throw new RangeError(
        `ReverseSequence: length ${wrong} of axis ${seqAxis}, expected 0 to ${steps}. Clip the lengths.`,
      );
    }
    const inBatch = sizeOf(x.shape.slice(batchAxis + 1));
    rowsAlong(x, seqAxis, (start, stride) => {
      const n = lengths.data[Math.floor(start / inBatch) % x.shape[batchAxis]];
      for (let i = 0; i < steps; i++) y.data[start + i * stride] = x.data[start + (i < n ? n - 1 - i : i) * stride];
    });
  },
});
