import { type Op, indexing, sizeOf } from '@tensorloom/graph';
import type { Launch } from '../launch.js';
import { type Rule, rulesOf } from '../kernel.js';
import { inAxes, startsOf } from './gather.js';

/** Parts by the row that they go to: those of row r are `order[from[r]]` to `order[from[r + 1] - 1]`, first ones first. */
function byRow(rows: ArrayLike<number>, count: number): { readonly from: Float32Array; readonly order: Float32Array } {
  const from = new Float32Array(count + 1);
  const parts = Array.from(rows, (row, part) => ({ row, part })).filter(({ row }) => row >= 0);
  for (const { row } of parts) from[row + 1]++;
  for (let r = 0; r < count; r++) from[r + 1] += from[r];
  const next = from.slice();
  const order = new Float32Array(Math.max(1, parts.length));
  for (const { row, part } of parts) order[next[row]++] = part;
  return { from, order };
}

interface Scatter {
  /** The row that each part goes to; to none below 0. */
  readonly rows: ArrayLike<number>;
  /** How many rows the result has, and how many elements each of them. */
  readonly count: number;
  readonly size: number;
  /** Which input the parts are. */
  readonly parts: number;
  /** What an element of the result is before any part comes, and what becomes of it with each. */
  readonly begin: string;
  readonly step: string;
}

const add = 'total = total + part;';

/** Each element of the result takes in what goes to it, in order: kernels cannot write to where others read. */
function scatter({ rows, count, size, parts, begin, step }: Scatter): Launch {
  return {
    body: `
      const row = quotient(this.thread.x, size);
      const column = this.thread.x - row * size;
      let total = ${begin};
      const first = from[row];
      const count = from[row + 1] - first;
      for (let k = 0; k < count; k++) {
        const part = parts[order[first + k] * size + column];
        ${step}
      }
      return total;`,
    arrays: { parts, ...byRow(rows, count), ...(begin.includes('x0') && { x0: 0 }) },
    integers: { size },
  };
}

/** (x, indices, updates): each part of x at an index becomes what `step` makes of it and the update. */
const updating = (step: string): Rule => ({
  positions: [1],
  inRange: ([x, indices]) => inAxes(indices, x.shape),
  plan([x, indices]) {
    const size = sizeOf(x.shape.slice(indices.shape[indices.shape.length - 1]));
    const rows = startsOf(indices, x.shape).map((start) => start / size);
    return [scatter({ rows, count: sizeOf(x.shape) / size, size, parts: 2, begin: 'x0[this.thread.x]', step })];
  },
});

/** Rules of the ops that write by index. */
export const scatterRules: readonly [Op, Rule][] = rulesOf(indexing, {
  scatterNd: {
    positions: [0],
    inRange: ([indices], [{ shape }]) => inAxes(indices, shape),
    plan([indices], [{ shape }]) {
      const size = sizeOf(shape.slice(indices.shape[indices.shape.length - 1]));
      const rows = startsOf(indices, shape).map((start) => start / size);
      return [scatter({ rows, count: sizeOf(shape) / size, size, parts: 1, begin: '0', step: add })];
    },
  },
  unsortedSegmentSum: {
    positions: [1],
    inRange: ([, ids], [{ shape }]) => ids.data.every((id) => id < shape[0]),
    plan([, ids], [{ shape }]) {
      const size = sizeOf(shape.slice(1));
      return [scatter({ rows: ids.data, count: shape[0], size, parts: 0, begin: '0', step: add })];
    },
  },
  tensorScatterUpdate: updating('total = part;'),
  tensorScatterAdd: updating(add),
});
