import {
  type Tensor,
  type Variable,
  concat,
  elementwise,
  firstPosition,
  gather,
  indexing,
  isTensor,
  reshape,
  size,
  unsortedSegmentSum,
} from '@tensorloom/graph';

/** Gradients of rows that a step looked up: ids [n], and for each the whole gradient of its row [n, ...]. */
export interface GatheredRows {
  readonly ids: Tensor;
  readonly gradient: Tensor;
}

/** Rows and their ids before those of equal ids are added up. */
type Parts = readonly [ids: Tensor, rows: Tensor][];

/** What a gradient adds up, where it is sums by row, as gradients of `gather` along the first axis are; otherwise `null`. */
function partsOf(gradient: Tensor, v: Variable): Parts | null {
  const { op, inputs } = gradient.op;
  const [a, b] = inputs.filter(isTensor);
  if (op === elementwise.add) {
    const [left, right] = [partsOf(a, v), partsOf(b, v)];
    return left && right && [...left, ...right];
  }
  if (op !== indexing.unsortedSegmentSum) return null;
  return [[reshape(b, [-1]), reshape(a, [-1, ...v.shape.slice(1)])]];
}

/**
 * The rows of `v` that its gradient is of, where it was made by lookups; `null` for any other gradient. Rows that were looked up twice
 * stand there twice, each time with the sum of their gradients. Nothing of the size of `v` is computed.
 */
export function gatheredRows(gradient: Tensor, v: Variable): GatheredRows | null {
  const parts = partsOf(gradient, v);
  if (parts === null) return null;
  const ids =
    parts.length === 1
      ? parts[0][0]
      : concat(
          parts.map(([at]) => at),
          0,
        );
  const rows =
    parts.length === 1
      ? parts[0][1]
      : concat(
          parts.map(([, x]) => x),
          0,
        );
  const first = firstPosition(ids);
  return { ids, gradient: gather(unsortedSegmentSum(rows, first, size(ids)), first) };
}
