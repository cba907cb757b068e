import {
  type Tensor,
  constant,
  dimOf,
  equal,
  expandDims,
  fill,
  gather,
  gatherNd,
  greaterEqual,
  indexing,
  maximum,
  range,
  reduceProd,
  reshape,
  scatterNd,
  shapeOf,
  slice,
  tensorScatterUpdate,
  transpose,
  unsortedSegmentSum,
  unstack,
  where,
  zerosLike,
} from '@tensorloom/graph';
import { rulesOf } from '../rule.js';

/** The axes of `rank` with `count` of them, from `from` on, moved to the front, as a permutation; and back. */
const toFront = (rank: number, from: number, count: number): number[] => {
  const axes = Array.from({ length: rank }, (_, i) => i);
  return [...axes.splice(from, count), ...axes];
};
const inverse = (perm: readonly number[]): number[] => perm.map((_, i) => perm.indexOf(i));

/** Adds up the gradients of the slices that were taken of x along an axis. */
function scattered(x: Tensor, indices: Tensor, dy: Tensor, axis: number): Tensor {
  const n = dimOf(x, axis);
  if (axis === 0) return unsortedSegmentSum(dy, indices, n);
  const [rank, count] = [x.shape?.length ?? 0, indices.shape?.length ?? 0];
  const rows = transpose(dy, toFront(rank - 1 + count, axis, count));
  return transpose(unsortedSegmentSum(rows, indices, n), inverse(toFront(rank, axis, 1)));
}

const rankOf = ({ shape }: Tensor): number => shape?.length ?? 0;

/** The parts of dy for each id, zeros for a negative one. */
function picked(dy: Tensor, ids: Tensor): Tensor {
  const parts = gather(dy, maximum(ids, 0));
  let counts = greaterEqual(ids, 0);
  for (let rank = rankOf(ids); rank < rankOf(parts); rank++) counts = expandDims(counts, rank);
  return where(counts, parts, zerosLike(parts));
}

/** Whether each update to x is the one that stays, the last of those at its index: along all axes of the updates. */
function stays(x: Tensor, indices: Tensor, updates: Tensor): Tensor {
  const count = rankOf(indices) - 1;
  const depth = rankOf(updates) - count;
  const outer = slice(shapeOf(updates), [0], [count]);
  const positions = reshape(range(reduceProd(outer)), outer);
  const along = slice(shapeOf(x), [0], [rankOf(x) - depth]);
  const last = tensorScatterUpdate(fill(along, constant(0, { dtype: 'int32' })), indices, positions);
  return reshape(equal(gatherNd(last, indices), positions), [
    ...unstack(outer, { num: count }),
    ...Array<number>(depth).fill(1),
  ]);
}

/** Gradients of the ops that read and write by index. */
export const indexingRules = rulesOf(indexing, {
  gather: ({ inputs: [x, indices], attrs: { axis } }, dy) => [scattered(x, indices, dy, axis), null],
  gatherNd: ({ inputs: [x, indices] }, dy) => [scatterNd(indices, dy, shapeOf(x)), null],
  scatterNd: ({ inputs: [indices] }, dy) => [null, gatherNd(dy, indices), null],
  tensorScatterUpdate: ({ inputs: [x, indices, updates] }, dy) => [
    tensorScatterUpdate(dy, indices, zerosLike(updates)),
    null,
    where(stays(x, indices, updates), gatherNd(dy, indices), zerosLike(updates)),
  ],
  tensorScatterAdd: ({ inputs: [, indices] }, dy) => [dy, null, gatherNd(dy, indices)],
  firstPosition: null,
  unsortedSegmentSum: ({ inputs: [, ids] }, dy) => [picked(dy, ids), null, null],
});
