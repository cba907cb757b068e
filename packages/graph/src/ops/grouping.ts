import type { Tensor } from '../tensor.js';
import { toInts } from './convert.js';
import { gather } from './gather.js';
import { concat } from './join.js';
import { reduceProd } from './reduce.js';
import { reshape, shapeOf, transpose } from './shape.js';

/** 0, 1, ..., n - 1. */
export const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The lengths of some axes as an int32 vector. */
export const lengths = (x: Tensor, axes: readonly number[]): Tensor =>
  gather(shapeOf(x), toInts([...axes], 'Tensordot'));

/** How many elements some axes have together, as a vector of one. */
const countOf = (x: Tensor, axes: readonly number[]): Tensor => reshape(reduceProd(lengths(x, axes)), [1]);

/** Axes in that order, those of each group flattened into one. */
export function grouped(x: Tensor, groups: readonly (readonly number[])[]): Tensor {
  const perm = groups.flat();
  const ordered = perm.every((a, i) => a === i) ? x : transpose(x, perm);
  return reshape(
    ordered,
    concat(
      groups.map((axes) => countOf(x, axes)),
      0,
    ),
  );
}
