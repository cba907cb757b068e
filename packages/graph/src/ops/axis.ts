import { refuse } from '../node.js';
import { showSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';

/** The rank of x. Throws a `GraphError` when it is unknown. */
export function rankOf(op: string, x: Tensor): number {
  return (
    x.shape?.length ?? refuse(op, `the rank of '${x.name}' is unknown, expected a known one. Reshape it first.`, [x])
  );
}

/** `axis` of x counted from the front. Throws a `GraphError` when x has no such axis. */
export const axisOf = (op: string, x: Tensor, axis: number): number => position(op, x, axis, rankOf(op, x));

/** The axes of x named in `axis`, counted from the front, each once. Throws a `GraphError` when x has no such axis. */
export const axesOf = (op: string, x: Tensor, axis: number | readonly number[]): readonly number[] => [
  ...new Set([axis].flat().map((a) => axisOf(op, x, a))),
];

/** Where a new axis goes among those of x, counted from the front. Throws a `GraphError` when that is not beside one of them. */
export const newAxisOf = (op: string, x: Tensor, axis: number): number => position(op, x, axis, rankOf(op, x) + 1);

function position(op: string, x: Tensor, axis: number, count: number): number {
  if (Number.isInteger(axis) && axis >= -count && axis < count) return axis < 0 ? axis + count : axis;
  const expected = count === 0 ? 'none, since a scalar has no axes' : `an integer from ${-count} to ${count - 1}`;
  return refuse(op, `axis ${axis} is out of range for ${showSpec(x.spec)}, expected ${expected}.`, [x]);
}
