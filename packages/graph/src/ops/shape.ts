import { apply1 } from '../context.js';
import { describe } from '../errors.js';
import { refuse } from '../node.js';
import { makeOp, tensorInput } from '../op.js';
import { type Dim, isKnown, sameShape, showShape, sizeOf } from '../shape.js';
import { showSpec, tensorSpec } from '../spec.js';
import { type Tensor, isTensor } from '../tensor.js';
import { axesOf, axisOf, newAxisOf, rankOf } from './axis.js';
import { type TensorLike, constantOf, isVariable, toInts, toTensor } from './convert.js';
import type { Named } from './elementwise.js';
import { reduce } from './reduce.js';
import {
  inferBroadcastTo,
  inferConcat,
  inferPack,
  inferPad,
  inferReshape,
  inferSlice,
  inferSplit,
  interleaveValues,
  joinValues,
  shapeOperand,
} from './shape-inference.js';

const axisAttrs = <T extends object>(attrs: T): string => Object.values(attrs).flat().join(' ');

/** The family that moves elements or asks for shapes. Shapes are int32 host values. */
export const shape = {
  /** The shape as an int32 vector. */
  shape: makeOp({
    name: 'Shape',
    onHost: true,
    infer: ([x]) => [tensorSpec('int32', [tensorInput('Shape', x).shape?.length ?? null])],
    fold: ([{ spec }]) => (spec.kind === 'tensor' ? spec.shape : undefined),
  }),
  /** The length of one axis as an int32 scalar. */
  dim: makeOp<{ readonly axis: number }>({
    name: 'Dim',
    onHost: true,
    infer: () => [tensorSpec('int32', [])],
    fold: ([{ spec }], { axis }) => {
      const d = spec.kind === 'tensor' ? spec.shape?.[axis] : undefined;
      return d == null ? undefined : [d];
    },
    show: axisAttrs,
  }),
  /** (x, shape): the same elements in another shape; one -1 is computed. */
  reshape: makeOp({
    name: 'Reshape',
    hostInputs: [1],
    layout: true,
    infer: inferReshape,
    fold: ([x]) => x.value,
  }),
  transpose: makeOp<{ readonly perm: readonly number[] }>({
    name: 'Transpose',
    layout: true,
    infer([x], { perm }) {
      const { dtype, shape: s } = tensorInput('Transpose', x);
      return [
        tensorSpec(
          dtype,
          perm.map((p) => s?.[p] ?? null),
        ),
      ];
    },
    show: axisAttrs,
  }),
  expandDims: makeOp<{ readonly axes: readonly number[] }>({
    name: 'ExpandDims',
    layout: true,
    infer([x], { axes }) {
      const { dtype, shape: s } = tensorInput('ExpandDims', x);
      if (s === undefined) return [tensorSpec(dtype, undefined)];
      const rest = [...s];
      return [
        tensorSpec(
          dtype,
          Array.from({ length: s.length + axes.length }, (_, i) => (axes.includes(i) ? 1 : (rest.shift() ?? null))),
        ),
      ];
    },
    fold: ([x]) => x.value,
    show: axisAttrs,
  }),
  squeeze: makeOp<{ readonly axes: readonly number[] }>({
    name: 'Squeeze',
    layout: true,
    infer([x], { axes }) {
      const { dtype, shape: s } = tensorInput('Squeeze', x);
      for (const a of axes) {
        if (s !== undefined && s[a] !== null && s[a] !== 1)
          throw new TypeError(`Squeeze: axis ${a} of ${showShape(s)} has length ${s[a]}, expected 1.`);
      }
      return [
        tensorSpec(
          dtype,
          s?.filter((_, i) => !axes.includes(i)),
        ),
      ];
    },
    fold: ([x]) => x.value,
    show: axisAttrs,
  }),
  concat: makeOp<{ readonly axis: number }>({
    name: 'ConcatV2',
    layout: true,
    infer: inferConcat,
    fold: (inputs) => joinValues(inputs),
    show: axisAttrs,
  }),
  pack: makeOp<{ readonly axis: number }>({
    name: 'Pack',
    layout: true,
    infer: inferPack,
    fold: (inputs, { axis }) => (axis === 0 ? joinValues(inputs) : interleaveValues(inputs)),
    show: axisAttrs,
  }),
  unpack: makeOp<{ readonly axis: number; readonly num: number }>({
    name: 'Unpack',
    layout: true,
    infer([x], { axis, num }) {
      const { dtype, shape: s } = tensorInput('Unpack', x);
      if (s !== undefined && s[axis] !== null && s[axis] !== num)
        throw new TypeError(`Unpack: axis ${axis} of ${showShape(s)} has length ${s[axis]}, expected ${num}.`);
      return Array.from({ length: num }, () =>
        tensorSpec(
          dtype,
          s?.filter((_, i) => i !== axis),
        ),
      );
    },
    show: axisAttrs,
  }),
  /** (x, sizes): consecutive pieces along an axis. */
  split: makeOp<{ readonly axis: number; readonly num: number }>({
    name: 'SplitV',
    hostInputs: [1],
    layout: true,
    infer: inferSplit,
    show: axisAttrs,
  }),
  /** (x, begin, size): a block; a size of -1 means to the end. */
  slice: makeOp({
    name: 'Slice',
    hostInputs: [1, 2],
    layout: true,
    infer: inferSlice,
    fold: ([x, begin, size]) => {
      const [from, n] = [begin.value?.[0] ?? null, size.value?.[0] ?? null];
      if (x.spec.kind === 'list' || x.spec.shape?.length !== 1 || from === null || n === null) return undefined;
      return x.value?.slice(from, n === -1 ? undefined : from + n);
    },
  }),
  /** (x, paddings[rank,2]): zeros before and after each axis. */
  pad: makeOp({
    name: 'Pad',
    hostInputs: [1],
    layout: true,
    infer: inferPad,
  }),
  reverse: makeOp<{ readonly axes: readonly number[] }>({
    name: 'ReverseV2',
    layout: true,
    infer: ([x]) => [tensorInput('ReverseV2', x)],
    show: axisAttrs,
  }),
  /** (x, shape): repeats axes of length 1 and adds leading ones. */
  broadcastTo: makeOp({
    name: 'BroadcastTo',
    hostInputs: [1],
    layout: true,
    infer: inferBroadcastTo,
  }),
  /** (x, shape): sums what broadcasting from `shape` had repeated; the transpose of broadcastTo. */
  sumTo: makeOp({
    name: 'SumTo',
    hostInputs: [1],
    infer: ([x, target]) => [tensorSpec(tensorInput('SumTo', x).dtype, shapeOperand('SumTo', target))],
  }),
};

/** The shape of x as an int32 vector; a constant when it is static. TensorFlow: `tf.shape`. */
export function shapeOf(x: TensorLike, { name }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'Shape');
  return isKnown(t.shape)
    ? constantOf('int32', [t.shape.length], Int32Array.from(t.shape), name)
    : apply1(shape.shape, [t], {}, name);
}

/** The length of one axis as an int32 scalar; a constant when it is static. */
export function dimOf(x: Tensor, axis: number): Tensor {
  const a = axisOf('Dim', x, axis);
  const d = x.shape?.[a];
  return d == null ? apply1(shape.dim, [x], { axis: a }) : constantOf('int32', [], Int32Array.of(d));
}

/** The number of elements of x as an int32 scalar; a constant when it is static. TensorFlow: `tf.size`. */
export function size(x: TensorLike, { name = 'Size' }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'Size');
  if (isKnown(t.shape)) return constantOf('int32', [], Int32Array.of(sizeOf(t.shape)), name);
  return apply1(reduce.prod, [shapeOf(t)], { axes: [0], keepDims: false }, name);
}

/** The number of axes of x as an int32 scalar; a constant when it is static. TensorFlow: `tf.rank`. */
export function rank(x: TensorLike, { name = 'Rank' }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'Rank');
  if (t.shape !== undefined) return constantOf('int32', [], Int32Array.of(t.shape.length), name);
  return apply1(shape.dim, [shapeOf(t)], { axis: 0 }, name);
}

/** A shape as an operand: integers, a mix of integers and int32 scalars, or one int32 vector. */
export type ShapeLike = TensorLike | readonly (Dim | TensorLike)[];

const isArray = (x: unknown): x is readonly unknown[] => Array.isArray(x);

/** A shape operand of an op. Throws a `GraphError` when it is an array of other than integers and tensors. */
export function toShape(s: ShapeLike, op: string): Tensor {
  if (!isArray(s)) return toInts(s, op);
  const dims = s.map((d) => (isTensor(d) || isVariable(d) || Number.isInteger(d) ? d : null));
  if (dims.includes(null)) {
    const got = s.map((d) => (isTensor(d) ? d.name : typeof d === 'number' ? d : describe(d)));
    return refuse(
      op,
      `expected a shape of integers, got [${got.join(',')}]. Use dimOf() for a length that only a run knows.`,
    );
  }
  if (dims.every((d) => typeof d === 'number')) return constantOf('int32', [dims.length], Int32Array.from(dims));
  return apply1(
    shape.pack,
    dims.flatMap((d) => (d === null ? [] : [toInts(d, op)])),
    { axis: 0 },
    'stack',
  );
}

/** The elements of x in another shape of the same size; one entry may be -1. Throws when sizes differ. TensorFlow: `tf.reshape`. */
export const reshape = (x: TensorLike, newShape: ShapeLike, { name }: Named = {}): Tensor =>
  apply1(shape.reshape, [toTensor(x, undefined, 'Reshape'), toShape(newShape, 'Reshape')], {}, name);

/** Axes in the order `perm`; default: reversed. Throws when `perm` is not a permutation. TensorFlow: `tf.transpose`. */
export function transpose(x: TensorLike, perm?: readonly number[], { name = 'transpose' }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'Transpose');
  const rank = perm?.length ?? rankOf('Transpose', t);
  const p = perm ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  if (rank !== (t.shape?.length ?? rank) || [...p].sort((a, b) => a - b).some((v, i) => v !== i)) {
    const axes = Array.from({ length: t.shape?.length ?? rank }, (_, i) => i);
    return refuse(
      'Transpose',
      `[${p.join(',')}] is no order of the axes of ${showSpec(t.spec)}, expected each of ${axes.join(', ')} once. Correct perm.`,
      [t],
    );
  }
  return apply1(shape.transpose, [t], { perm: [...p] }, name);
}

/** Adds an axis of length 1 at position `axis`. TensorFlow: `tf.expand_dims`. */
export function expandDims(x: TensorLike, axis: number, { name }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'ExpandDims');
  return apply1(shape.expandDims, [t], { axes: [newAxisOf('ExpandDims', t, axis)] }, name);
}

/** Drops axes of length 1: those named, or all. Throws when a named one is longer. TensorFlow: `tf.squeeze`. */
export function squeeze(x: TensorLike, axis?: number | readonly number[], { name }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'Squeeze');
  const axes = axis === undefined ? axesOfLengthOne(t) : axesOf('Squeeze', t, axis);
  return axes.length === 0 ? t : apply1(shape.squeeze, [t], { axes }, name);
}

function axesOfLengthOne(x: Tensor): readonly number[] {
  const dims = x.shape ?? [];
  if (rankOf('Squeeze', x) > 0 && dims.includes(null)) {
    const open = dims.flatMap((d, i) => (d === null ? [i] : []));
    return refuse(
      'Squeeze',
      `only a run knows the length of axis ${open.join(', ')} of ${showSpec(x.spec)}. Name the axes to drop.`,
      [x],
    );
  }
  return dims.flatMap((d, i) => (d === 1 ? [i] : []));
}

/** The block of x from `begin` with lengths `size`; -1 means to the end. Throws when it does not lie in x. TensorFlow: `tf.slice`. */
export const slice = (x: TensorLike, begin: ShapeLike, size: ShapeLike, { name }: Named = {}): Tensor =>
  apply1(shape.slice, [toTensor(x, undefined, 'Slice'), toShape(begin, 'Slice'), toShape(size, 'Slice')], {}, name);

/** x with zeros added: `paddings` has a row [before, after] per axis. TensorFlow: `tf.pad`. */
export const pad = (x: TensorLike, paddings: TensorLike, { name }: Named = {}): Tensor =>
  apply1(shape.pad, [toTensor(x, undefined, 'Pad'), toInts(paddings, 'Pad')], {}, name);

/** The elements in reverse order along the given axes. TensorFlow: `tf.reverse`. */
export function reverse(x: TensorLike, axis: number | readonly number[], { name }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'ReverseV2');
  return apply1(shape.reverse, [t], { axes: axesOf('ReverseV2', t, axis) }, name);
}

/** x repeated to a shape it broadcasts to. TensorFlow: `tf.broadcast_to`. */
export const broadcastTo = (x: TensorLike, to: ShapeLike, { name }: Named = {}): Tensor =>
  apply1(shape.broadcastTo, [toTensor(x, undefined, 'BroadcastTo'), toShape(to, 'BroadcastTo')], {}, name);

/** x summed down to the shape of `like`, from which it was broadcast; x itself when the shapes are statically equal. */
export const sumToLike = (x: Tensor, like: Tensor): Tensor =>
  isKnown(x.shape) && sameShape(x.shape, like.shape) ? x : apply1(shape.sumTo, [x, shapeOf(like)], {});

/** The functions of this file that are methods of tensors. */
export const shapeMethods = { reshape, transpose, expandDims, squeeze, slice, pad, reverse, broadcastTo };
