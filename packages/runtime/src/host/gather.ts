import { allocate, indexing, isFloating, sizeOf } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { stridesOf } from './broadcast.js';
import { hostLoopsOf } from './host-kernel.js';

/** Throws `RangeError` when an index is not in an axis. */
function checkIndex(op: string, index: number, position: number, length: number, axis: number): void {
  if (index >= 0 && index < length) return;
  throw new RangeError(
    `${op}: index ${index} at position ${position} is out of range for axis ${axis} of length ${length}, expected ${length === 0 ? 'none' : `0 to ${length - 1}`}.`,
  );
}

/** Where in a tensor of shape `shape` the part begins that each index [..., k] names, and how many elements it has. */
function partsOf(op: string, indices: HostTensor, shape: readonly number[]): { starts: Int32Array; size: number } {
  const depth = indices.shape[indices.shape.length - 1];
  const strides = stridesOf(shape);
  const starts = new Int32Array(sizeOf(indices.shape.slice(0, -1)));
  for (let i = 0; i < starts.length; i++) {
    for (let axis = 0; axis < depth; axis++) {
      const index = indices.data[i * depth + axis];
      checkIndex(op, index, i, shape[axis], axis);
      starts[i] += index * strides[axis];
    }
  }
  return { starts, size: sizeOf(shape.slice(depth)) };
}

/** Adds parts of x, one after the other, to those of y that begin at `starts` (below 0: to none); floats in double precision. */
function addParts(x: HostTensor, y: HostTensor, starts: Int32Array, size: number): void {
  const sums = isFloating(y.dtype) ? allocate('float64', y.data.length) : y.data;
  starts.forEach((start, part) => {
    if (start < 0) return;
    for (let i = 0, from = part * size; i < size; i++) sums[start + i] += x.data[from + i];
  });
  if (sums !== y.data) y.data.set(sums);
}

/** Copies x to y, unless y lies over it. */
function copyOver({ data: x }: HostTensor, { data: y }: HostTensor): void {
  if (x.buffer !== y.buffer || x.byteOffset !== y.byteOffset) y.set(x);
}

/** Host loops of the ops that read and write by index. */
export const indexingLoops = hostLoopsOf(indexing, {
  gather([x, indices], [y], { axis }) {
    const length = x.shape[axis];
    const size = sizeOf(x.shape.slice(axis + 1));
    const count = indices.data.length;
    for (let i = 0; i < count; i++) checkIndex('GatherV2', indices.data[i], i, length, axis);
    for (let outer = 0, to = 0; outer < sizeOf(x.shape.slice(0, axis)); outer++) {
      for (let i = 0; i < count; i++, to += size) {
        const from = (outer * length + indices.data[i]) * size;
        if (size > 16) y.data.set(x.data.subarray(from, from + size), to);
        else for (let k = 0; k < size; k++) y.data[to + k] = x.data[from + k];
      }
    }
  },
  gatherNd([x, indices], [y]) {
    const { starts, size } = partsOf('GatherNd', indices, x.shape);
    starts.forEach((start, i) => y.data.set(x.data.subarray(start, start + size), i * size));
  },
  scatterNd([indices, updates], [y]) {
    const { starts, size } = partsOf('ScatterNd', indices, y.shape);
    addParts(updates, y, starts, size);
  },
  tensorScatterUpdate([x, indices, updates], [y]) {
    const { starts, size } = partsOf('TensorScatterUpdate', indices, y.shape);
    copyOver(x, y);
    starts.forEach((start, i) => y.data.set(updates.data.subarray(i * size, (i + 1) * size), start));
  },
  tensorScatterAdd([x, indices, updates], [y]) {
    const { starts, size } = partsOf('TensorScatterAdd', indices, y.shape);
    copyOver(x, y);
    starts.forEach((start, part) => {
      for (let i = 0, from = part * size; i < size; i++) y.data[start + i] += updates.data[from + i];
    });
  },
  firstPosition([ids], [y]) {
    const first = new Map<number, number>();
    ids.data.forEach((id, i) => {
      if (!first.has(id)) first.set(id, i);
      y.data[i] = first.get(id) ?? i;
    });
  },
  unsortedSegmentSum([x, ids], [y]) {
    const size = sizeOf(y.shape.slice(1));
    const starts = Int32Array.from(ids.data, (id, i) => {
      if (id >= 0) checkIndex('UnsortedSegmentSum', id, i, y.shape[0], 0);
      return id * size;
    });
    ids.data.forEach((id, i) => (starts[i] = id < 0 ? -1 : starts[i]));
    addParts(x, y, starts, size);
  },
});
