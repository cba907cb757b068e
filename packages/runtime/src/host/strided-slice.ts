import { type StridedSliceAttrs, strided, stridedAxis } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { offsetsOf, stridesOf } from './broadcast.js';
import { hostLoopsOf } from './host-kernel.js';

/** Where in a tensor of shape `shape` the elements of a strided slice lie. */
function positions(
  shape: readonly number[],
  [begin, end, strides]: readonly HostTensor[],
  attrs: StridedSliceAttrs,
): Int32Array {
  const taken = shape.map((d, axis) =>
    stridedAxis(d, axis, [begin.data[axis], end.data[axis], strides.data[axis]], attrs),
  );
  const steps = stridesOf(shape);
  return offsetsOf(
    taken.map(({ length }) => length),
    taken.map(({ stride }, axis) => stride * steps[axis]),
    taken.reduce((sum, { start }, axis) => sum + start * steps[axis], 0),
  );
}

/** Host loops of the slices with steps. */
export const stridedLoops = hostLoopsOf(strided, {
  stridedSlice: ([x, ...bounds], [y], attrs) =>
    positions(x.shape, bounds, attrs).forEach((from, i) => (y.data[i] = x.data[from])),
  stridedSliceGrad([dims, begin, end, strides, dy], [dx], attrs) {
    const at = positions(Array.from(dims.data), [begin, end, strides], attrs);
    if (at.length !== dy.data.length) {
      throw new RangeError(`StridedSliceGrad: expected ${at.length} gradients for the slice, got ${dy.data.length}.`);
    }
    at.forEach((to, i) => (dx.data[to] = dy.data[i]));
  },
});
