import { broadcastShapes, elementwise, sameShape, shape, showShape } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { broadcastStrides, offsetsOf, stridesOf } from './broadcast.js';
import { type HostLoops, hostLoopsOf } from './host-kernel.js';
import { accumulate } from './reduce.js';

/** Fills y with the elements of x that lie at these strides from `start`. */
function read(x: HostTensor, y: HostTensor, strides: readonly number[], start = 0): void {
  offsetsOf(y.shape, strides, start).forEach((from, i) => (y.data[i] = x.data[from]));
}

/** Puts the elements of x where they belong in y: at these strides from `start`. */
function write(x: HostTensor, y: HostTensor, strides: readonly number[], start = 0): void {
  offsetsOf(x.shape, strides, start).forEach((to, i) => (y.data[to] = x.data[i]));
}

const offsetAt = (index: ArrayLike<number>, strides: readonly number[]): number =>
  strides.reduce((offset, stride, axis) => offset + index[axis] * stride, 0);

const without = (strides: readonly number[], axis: number): number[] => strides.filter((_, i) => i !== axis);

const copy: HostLoops = ([x], [y]) => y.data.set(x.data);

/** Host loops of the ops that move elements. */
export const shapeLoops = hostLoopsOf(shape, {
  shape: ([x], [y]) => y.data.set(x.shape),
  dim: ([x], [y], { axis }) => void (y.data[0] = x.shape[axis]),
  reshape: copy,
  expandDims: copy,
  squeeze: copy,
  transpose([x], [y], { perm }) {
    if (perm.length !== x.shape.length) {
      throw new RangeError(
        `Transpose: expected rank ${perm.length} for axes [${perm.join(',')}], got ${showShape(x.shape)}.`,
      );
    }
    const strides = stridesOf(x.shape);
    read(
      x,
      y,
      perm.map((axis) => strides[axis]),
    );
  },
  concat(inputs, [y], { axis }) {
    const strides = stridesOf(y.shape);
    let start = 0;
    for (const x of inputs) {
      write(x, y, strides, start);
      start += x.shape[axis] * strides[axis];
    }
  },
  pack(inputs, [y], { axis }) {
    const strides = stridesOf(y.shape);
    inputs.forEach((x, k) => write(x, y, without(strides, axis), k * strides[axis]));
  },
  unpack([x], outputs, { axis }) {
    const strides = stridesOf(x.shape);
    outputs.forEach((y, k) => read(x, y, without(strides, axis), k * strides[axis]));
  },
  split([x], outputs, { axis }) {
    const strides = stridesOf(x.shape);
    let start = 0;
    for (const y of outputs) {
      read(x, y, strides, start);
      start += y.shape[axis] * strides[axis];
    }
  },
  slice([x, begin], [y]) {
    if (begin.data.length !== x.shape.length) {
      throw new RangeError(
        `Slice: expected a begin for each axis of ${showShape(x.shape)}, got [${begin.data.join(',')}].`,
      );
    }
    const strides = stridesOf(x.shape);
    read(x, y, strides, offsetAt(begin.data, strides));
  },
  pad([x, paddings], [y]) {
    if (paddings.data.length !== 2 * x.shape.length || paddings.data.some((n) => n < 0)) {
      throw new RangeError(
        `Pad: expected [before, after] of 0 or more for each axis of ${showShape(x.shape)}, got [${paddings.data.join(',')}].`,
      );
    }
    const strides = stridesOf(y.shape);
    const before = paddings.data.filter((_, i) => i % 2 === 0);
    write(x, y, strides, offsetAt(before, strides));
  },
  reverse([x], [y], { axes }) {
    const strides = stridesOf(x.shape);
    const last = axes.reduce((offset, axis) => offset + (x.shape[axis] - 1) * strides[axis], 0);
    read(
      x,
      y,
      strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
      last,
    );
  },
  broadcastTo: ([x], [y]) => read(x, y, broadcastStrides(x.shape, y.shape)),
  sumTo([x], [y]) {
    if (!sameShape(broadcastShapes(y.shape, x.shape) ?? undefined, x.shape)) {
      throw new RangeError(
        `SumTo: expected a shape that broadcasts to ${showShape(x.shape)}, got ${showShape(y.shape)}.`,
      );
    }
    accumulate(elementwise.add, 0, x, y, broadcastStrides(y.shape, x.shape));
  },
});
