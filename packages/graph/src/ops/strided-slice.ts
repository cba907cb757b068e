import { apply1 } from '../context.js';
import { refuse } from '../node.js';
import { type InputSpec, makeOp, tensorInput } from '../op.js';
import type { Dim } from '../shape.js';
import { showSpec, tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { rankOf } from './axis.js';
import { type TensorLike, toInts, toTensor } from './convert.js';
import type { Named } from './elementwise.js';
import { stack } from './join.js';
import { intVector, shapeOperand } from './shape-inference.js';
import { expandDims, reshape, shapeOf, slice, squeeze } from './shape.js';

/** Which axes leave out where they begin or end, or are of one index only. */
export interface StridedSliceAttrs {
  readonly openBegin: readonly number[];
  readonly openEnd: readonly number[];
  readonly single: readonly number[];
}

/** The part of an axis that a strided slice takes: `length` elements from `start` on, `stride` apart. */
export interface Strided {
  readonly start: number;
  readonly stride: number;
  readonly length: number;
}

/** What a strided slice takes of an axis with `length` elements. Throws `RangeError` for a stride of 0, and for an index that is not there. */
export function stridedAxis(
  length: number,
  axis: number,
  [begin, end, stride]: readonly [number, number, number],
  { openBegin, openEnd, single }: StridedSliceAttrs,
): Strided {
  if (single.includes(axis)) {
    const start = begin < 0 ? begin + length : begin;
    if (start < 0 || start >= length) {
      throw new RangeError(
        `StridedSlice: index ${begin} is not in axis ${axis} of length ${length}, expected ${-length} to ${length - 1}.`,
      );
    }
    return { start, stride: 1, length: 1 };
  }
  if (stride === 0) throw new RangeError(`StridedSlice: the stride of axis ${axis} is 0, expected another number.`);
  // Positions an index may stand for: one before the first too, when going backwards.
  const [low, high] = stride > 0 ? [0, length] : [-1, length - 1];
  const position = (i: number): number => Math.min(high, Math.max(low, i < 0 ? i + length : i));
  const start = openBegin.includes(axis) ? (stride > 0 ? low : high) : position(begin);
  const stop = openEnd.includes(axis) ? (stride > 0 ? high : low) : position(end);
  return { start, stride, length: Math.max(0, Math.ceil((stop - start) / stride)) };
}

/** The lengths of a strided slice, as far as they are known. */
function stridedDims(dims: readonly Dim[], bounds: readonly InputSpec[], attrs: StridedSliceAttrs): Dim[] {
  const [begin, end, strides] = ['begin', 'end', 'strides'].map((what, i) =>
    intVector('StridedSlice', what, bounds[i]),
  );
  return dims.map((d, axis) => {
    const [from, to, stride] = [begin, end, strides].map((v) => v?.[axis] ?? null);
    if (attrs.single.includes(axis) && (d === null || from === null)) return 1;
    const start = attrs.openBegin.includes(axis) ? 0 : from;
    const stop = attrs.openEnd.includes(axis) ? 0 : to;
    if (d === null || start === null || stop === null || stride === null) return null;
    return stridedAxis(d, axis, [start, stop, stride], attrs).length;
  });
}

const show = ({ openBegin, openEnd, single }: StridedSliceAttrs): string =>
  [`from start ${openBegin.join()}`, `to end ${openEnd.join()}`, `single ${single.join()}`]
    .filter((part) => /\d$/.test(part))
    .join('; ');

/** The family of slices with steps. Bounds are vectors with an entry for each axis. */
export const strided = {
  /** (x, begin, end, strides). */
  stridedSlice: makeOp<StridedSliceAttrs>({
    name: 'StridedSlice',
    hostInputs: [1, 2, 3],
    layout: true,
    infer([x, ...bounds], attrs) {
      const { dtype, shape } = tensorInput('StridedSlice', x);
      return [tensorSpec(dtype, shape && stridedDims(shape, bounds, attrs))];
    },
    fold([x, ...bounds], attrs) {
      const { value } = x;
      const [begin, end, strides] = bounds.map((b) => b.value?.[0] ?? null);
      if (value === undefined || x.spec.kind === 'list' || x.spec.shape?.length !== 1) return undefined;
      if (begin === null || end === null || strides === null) return undefined;
      const { start, stride, length } = stridedAxis(value.length, 0, [begin, end, strides], attrs);
      return Array.from({ length }, (_, i) => value[start + i * stride]);
    },
    show,
  }),
  /** (shape, begin, end, strides, dy): zeros of that shape, dy where the slice would have been taken. */
  stridedSliceGrad: makeOp<StridedSliceAttrs>({
    name: 'StridedSliceGrad',
    hostInputs: [0, 1, 2, 3],
    layout: true,
    infer([dims, , , , dy]) {
      return [tensorSpec(tensorInput('StridedSliceGrad', dy).dtype, shapeOperand('StridedSliceGrad', dims))];
    },
    show,
  }),
};

/** Options of `stridedSlice`: bit i of a mask is about entry i of begin, end and strides. */
export interface StridedSliceOptions extends Named {
  /** Entries that begin at the start, whatever `begin` says. */
  readonly beginMask?: number;
  /** Entries that go to the end, whatever `end` says. */
  readonly endMask?: number;
  /** The one entry that stands for as many whole axes as are not named. */
  readonly ellipsisMask?: number;
  /** Entries that stand for a new axis of length 1. */
  readonly newAxisMask?: number;
  /** Entries that name one index only: their axes are dropped. */
  readonly shrinkAxisMask?: number;
}

/**
 * Every `strides`-th element of x from `begin` up to, not including, `end`, axis by axis; negative bounds count from the end, negative
 * strides go backwards. Axes beyond the entries are taken whole. TensorFlow: `tf.strided_slice`.
 */
export function stridedSlice(
  x: TensorLike,
  begin: TensorLike,
  end: TensorLike,
  strides?: TensorLike,
  options: StridedSliceOptions = {},
): Tensor {
  const { beginMask = 0, endMask = 0, ellipsisMask = 0, newAxisMask = 0, shrinkAxisMask = 0, name } = options;
  const t = toTensor(x, undefined, 'StridedSlice');
  const given = [begin, end].map((b) => toInts(b, 'StridedSlice'));
  const entries = given.map((b) => b.shape?.[0] ?? null).find((n) => n !== null) ?? null;
  if (entries === null || given.some((b) => b.shape?.length !== 1)) {
    return refuse('StridedSlice', 'expected begin and end as vectors of known length. Pass arrays.', [t, ...given]);
  }
  const steps = toInts(strides ?? new Array<number>(entries).fill(1), 'StridedSlice');
  const has = (mask: number, i: number): boolean => ((mask >> i) & 1) === 1;
  const indices = Array.from({ length: entries }, (_, i) => i);
  const isNew = (i: number): boolean => has(newAxisMask, i) && !has(ellipsisMask, i);
  const rank = rankOf('StridedSlice', t);
  const named = indices.filter((i) => !isNew(i) && !has(ellipsisMask, i)).length;
  if (named > rank) {
    return refuse('StridedSlice', `${named} entries for the ${rank} axes of ${showSpec(t.spec)}. Give fewer.`, [t]);
  }
  /** For each axis of x the entry about it, `null` where it is taken whole; and where the result has new axes. */
  const axes: (number | null)[] = [];
  const added: number[] = [];
  let kept = 0;
  for (const i of indices) {
    if (has(ellipsisMask, i)) {
      for (let k = named; k < rank; k++, kept++) axes.push(null);
    } else if (isNew(i)) added.push(kept++);
    else {
      axes.push(i);
      if (!has(shrinkAxisMask, i)) kept++;
    }
  }
  while (axes.length < rank) axes.push(null);
  const axesWhere = (f: (entry: number | null) => boolean): number[] =>
    axes.flatMap((entry, axis) => (f(entry) ? [axis] : []));
  const single = axesWhere((entry) => entry !== null && has(shrinkAxisMask, entry));
  const attrs = {
    openBegin: axesWhere((entry) => entry === null || (has(beginMask, entry) && !has(shrinkAxisMask, entry))),
    openEnd: axesWhere((entry) => entry === null || (has(endMask, entry) && !has(shrinkAxisMask, entry))),
    single,
  };
  const bounds = [...given, steps].map((b, which) => spread(b, axes, which === 2 ? 1 : 0));
  let y = apply1(strided.stridedSlice, [t, ...bounds], attrs, name);
  if (single.length > 0) y = squeeze(y, single);
  for (const axis of added) y = expandDims(y, axis);
  return y;
}

/** A vector with the entries of `bounds` for the axes that they are about, and `otherwise` for the rest. */
function spread(bounds: Tensor, axes: readonly (number | null)[], otherwise: number): Tensor {
  if (axes.every((entry, axis) => entry === axis) && bounds.shape?.[0] === axes.length) return bounds;
  const { value } = bounds;
  if (value?.every((v) => v !== null) === true) {
    return toInts(
      axes.map((entry) => (entry === null ? otherwise : (value[entry] ?? otherwise))),
      'StridedSlice',
    );
  }
  if (axes.length === 0) return toInts([], 'StridedSlice');
  return stack(axes.map((entry) => (entry === null ? otherwise : reshape(slice(bounds, [entry], [1]), []))));
}

/** The gradient of `stridedSlice` of a tensor with the shape of `like`: dy where the slice was taken, zeros elsewhere. */
export const stridedSliceGrad = (
  like: Tensor,
  bounds: readonly Tensor[],
  dy: Tensor,
  attrs: StridedSliceAttrs,
): Tensor => apply1(strided.stridedSliceGrad, [shapeOf(like), ...bounds, dy], attrs);

/** The functions of this file that are methods of tensors. */
export const stridedSliceMethods = { stridedSlice };
