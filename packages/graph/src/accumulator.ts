import { flatTensors, showTensors } from './nested-tensors.js';
import { refuse } from './node.js';
import { stridedSlice } from './ops/strided-slice.js';
import { showSpec } from './spec.js';
import type { Tensor } from './tensor.js';

/** The sequences that a function runs over; throws a `GraphError` where there are none. */
export function sequencesOf(elems: unknown, what: string): readonly Tensor[] {
  const xs = flatTensors(elems, `${what}: elems`);
  if (xs.length === 0) return refuse(what, 'expected at least one tensor to run over, got none. Pass elems.');
  const scalar = xs.find((x) => x.shape?.length === 0);
  if (scalar === undefined) return xs;
  return refuse(
    what,
    `expected elems with a first axis to run over, got ${showSpec(scalar.spec)}. Use expandDims().`,
    xs,
  );
}

/** One row of x, and all the others. */
const split = (x: Tensor, last: boolean): readonly [Tensor, Tensor] => [
  stridedSlice(x, [last ? -1 : 0], [0], undefined, { shrinkAxisMask: 1 }),
  last ? stridedSlice(x, [0], [-1]) : stridedSlice(x, [1], [0], undefined, { endMask: 1 }),
];

/** The accumulator that a scan or fold begins with, by default the first row (the last one in `reverse`), and the rows it goes over. */
export function beginning(
  what: string,
  elems: unknown,
  initializer: unknown,
  reverse: boolean,
): readonly (readonly Tensor[])[] {
  const xs = sequencesOf(elems, what);
  if (initializer !== undefined) {
    const like = showTensors(initializer) === showTensors(elems) ? xs : [];
    return [flatTensors(initializer, `${what}: initializer`, like), xs];
  }
  if (xs.some((x) => x.shape?.[0] === 0))
    return refuse(what, 'expected at least one row to begin with, got none. Pass an initializer.', xs);
  const parts = xs.map((x) => split(x, reverse));
  return [parts.map(([first]) => first), parts.map(([, rest]) => rest)];
}
