import { apply, apply1 } from '../context.js';
import type { Dim, Shape } from '../shape.js';
import { broadcastShapes, compatible, isKnown, normalizeAxis, showShape, sizeOf } from '../shape.js';
import { type InputSpec, type KnownValue, type NoAttrs, makeOp, tensorInput } from '../op.js';
import { showSpec, tensorSpec } from '../spec.js';
import { type Tensor, asTensors } from '../tensor.js';
import { type TensorLike, constantOf, toInts, toTensor, toTensors } from './convert.js';
import type { Named } from './elementwise.js';

/** The static shape that a shape operand asks for: its elements, or as many unknowns as it has. */
function shapeOperand({ spec, value }: InputSpec): Shape {
  if (value !== undefined) return value;
  const rank = spec.kind === 'tensor' ? spec.shape?.[0] : undefined;
  return rank == null ? undefined : Array.from({ length: rank }, () => null);
}

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
    infer([x, target]) {
      const { dtype, shape: from } = tensorInput('Reshape', x);
      const to = shapeOperand(target);
      if (!isKnown(to))
        return [
          tensorSpec(
            dtype,
            to?.map((d) => (d === -1 ? null : d)),
          ),
        ];
      const free = to.indexOf(-1);
      const rest = sizeOf(to.filter((_, i) => i !== free));
      const bad = to.some((d, i) => d < -1 || (d === -1 && i !== free));
      const size = isKnown(from) ? sizeOf(from) : undefined;
      if (bad || (size !== undefined && (free < 0 ? rest !== size : rest === 0 || size % rest !== 0))) {
        throw new TypeError(
          `Reshape: cannot view ${showShape(from)}${size === undefined ? '' : ` (${size} elements)`} as [${to.join(',')}]. The sizes must agree; one entry may be -1.`,
        );
      }
      return [
        tensorSpec(
          dtype,
          to.map((d, i) => (i !== free ? d : size === undefined ? null : size / rest)),
        ),
      ];
    },
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
    infer(inputs, { axis }) {
      const specs = inputs.map((i) => tensorInput('ConcatV2', i));
      const [{ dtype }] = specs;
      let total: Dim = 0;
      let others: Shape;
      for (const s of specs) {
        if (s.dtype !== dtype)
          throw new TypeError(
            `ConcatV2: operands differ in dtype: ${specs.map((t) => t.dtype).join(', ')}. Use cast().`,
          );
        const d: Dim = s.shape?.[axis] ?? null;
        total = total === null || d === null ? null : total + d;
        const rest = s.shape?.map((e, i) => (i === axis ? null : e));
        if (!compatible(others, rest))
          throw new TypeError(
            `ConcatV2: shapes ${specs.map((t) => showShape(t.shape)).join(', ')} differ outside axis ${axis}.`,
          );
        others = others === undefined ? rest : others.map((e, i) => e ?? rest?.[i] ?? null);
      }
      return [
        tensorSpec(
          dtype,
          others?.map((e, i) => (i === axis ? total : e)),
        ),
      ];
    },
    fold: (inputs) => joinValues(inputs),
    show: axisAttrs,
  }),
  pack: makeOp<{ readonly axis: number }>({
    name: 'Pack',
    layout: true,
    infer(inputs, { axis }) {
      const specs = inputs.map((i) => tensorInput('Pack', i));
      const [{ dtype }] = specs;
      let element: Shape;
      for (const s of specs) {
        if (s.dtype !== dtype)
          throw new TypeError(`Pack: operands differ in dtype: ${specs.map((t) => t.dtype).join(', ')}. Use cast().`);
        if (!compatible(element, s.shape))
          throw new TypeError(`Pack: shapes ${specs.map((t) => showShape(t.shape)).join(', ')} differ.`);
        element = element === undefined ? s.shape : element.map((e, i) => e ?? s.shape?.[i] ?? null);
      }
      return [tensorSpec(dtype, element && [...element.slice(0, axis), inputs.length, ...element.slice(axis)])];
    },
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
    infer([x, sizes], { axis, num }) {
      const { dtype, shape: s } = tensorInput('SplitV', x);
      const known = sizes.value;
      if (s !== undefined && s[axis] !== null && isKnown(known) && s[axis] !== known.reduce((a, b) => a + b, 0)) {
        throw new TypeError(
          `SplitV: sizes ${known.join(' + ')} do not add up to the ${s[axis]} of axis ${axis} of ${showShape(s)}.`,
        );
      }
      return Array.from({ length: num }, (_, k) =>
        tensorSpec(
          dtype,
          s?.map((d, i) => (i === axis ? (sizes.value?.[k] ?? null) : d)),
        ),
      );
    },
    show: axisAttrs,
  }),
  /** (x, begin, size): a block; a size of -1 means to the end. */
  slice: makeOp({
    name: 'Slice',
    hostInputs: [1, 2],
    layout: true,
    infer([x, begin, size]) {
      const { dtype, shape: s } = tensorInput('Slice', x);
      const want = s === undefined ? shapeOperand(size) : s;
      return [
        tensorSpec(
          dtype,
          want?.map((_, i) => {
            const n = size.value?.[i] ?? null;
            const from = begin.value?.[i] ?? null;
            const d = s?.[i] ?? null;
            if (n !== null && from !== null && d !== null && (from < 0 || from + Math.max(n, 0) > d)) {
              throw new RangeError(`Slice: axis ${i} of ${showShape(s)} has no elements ${from} to ${from + n}.`);
            }
            if (n === -1) return d === null || from === null ? null : d - from;
            return n;
          }),
        ),
      ];
    },
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
    infer([x, paddings]) {
      const { dtype, shape: s } = tensorInput('Pad', x);
      const p = paddings.value;
      return [
        tensorSpec(
          dtype,
          s?.map((d, i) => {
            const [before, after] = [p?.[2 * i] ?? null, p?.[2 * i + 1] ?? null];
            return d === null || before === null || after === null ? null : d + before + after;
          }),
        ),
      ];
    },
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
    infer([x, target]) {
      const { dtype, shape: from } = tensorInput('BroadcastTo', x);
      const to = shapeOperand(target);
      const all = broadcastShapes(from, to);
      if (all === null || (all !== undefined && !compatible(all, to)))
        throw new TypeError(`BroadcastTo: ${showShape(from)} does not broadcast to ${showShape(to)}.`);
      return [tensorSpec(dtype, to)];
    },
  }),
  /** (x, shape): sums what broadcasting from `shape` had repeated; the transpose of broadcastTo. */
  sumTo: makeOp({
    name: 'SumTo',
    hostInputs: [1],
    infer: ([x, target]) => [tensorSpec(tensorInput('SumTo', x).dtype, shapeOperand(target))],
  }),
};

function joinValues(inputs: readonly InputSpec[]): KnownValue | undefined {
  const values = inputs.map(({ spec, value }) => {
    if (spec.kind === 'list' || (spec.shape?.length ?? 2) > 1) return undefined;
    return (
      value ??
      (spec.dtype === 'int32' && isKnown(spec.shape) ? new Array<null>(sizeOf(spec.shape)).fill(null) : undefined)
    );
  });
  return values.every((v) => v !== undefined) ? values.flat() : undefined;
}

/** The values of vectors as the columns of a matrix. */
function interleaveValues(inputs: readonly InputSpec[]): KnownValue | undefined {
  const columns = inputs.map((i) => joinValues([i]));
  if (!columns.every((c) => c !== undefined)) return undefined;
  return columns[0].flatMap((_, row) => columns.map((c) => c[row]));
}

const rankOf = (op: string, x: Tensor): number => {
  if (x.shape === undefined)
    throw new TypeError(
      `${op}: the rank of ${x.name} ${showSpec(x.spec)} is unknown. Reshape it to a known rank first.`,
    );
  return x.shape.length;
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
  const a = normalizeAxis(axis, rankOf('Dim', x), 'Dim');
  const d = x.shape?.[a];
  return d == null ? apply1(shape.dim, [x], { axis: a }) : constantOf('int32', [], Int32Array.of(d));
}

/** The elements of x in another shape of the same size; one entry may be -1. Throws when sizes differ. TensorFlow: `tf.reshape`. */
export function reshape(x: TensorLike, newShape: TensorLike | readonly Dim[], { name }: Named = {}): Tensor {
  return apply1(
    shape.reshape,
    [toTensor(x, undefined, 'Reshape'), toInts(shapeLiteral(newShape, 'Reshape'), 'Reshape')],
    {},
    name,
  );
}

function shapeLiteral(s: TensorLike | readonly Dim[], op: string): TensorLike {
  if (Array.isArray(s)) {
    const dims: unknown[] = s;
    if (dims.some((d) => d !== null && typeof d === 'object')) return stack(dims as TensorLike[]);
    if (dims.some((d) => !Number.isInteger(d)))
      throw new TypeError(
        `${op}: expected a shape of integers, got [${dims.join(',')}]. Use -1 for the dimension to compute.`,
      );
    return { shape: [dims.length], data: Int32Array.from(dims as number[]) };
  }
  return s as TensorLike;
}

/** A shape operand of an op: integers, or a mix of integers and int32 scalars. */
export const toShape = (s: TensorLike | readonly (Dim | Tensor)[], op: string): Tensor =>
  toInts(shapeLiteral(s as TensorLike, op), op);

/** Axes in the order `perm`; default: reversed. Throws when `perm` is not a permutation. TensorFlow: `tf.transpose`. */
export function transpose(x: TensorLike, perm?: readonly number[], { name }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'Transpose');
  const rank = perm?.length ?? rankOf('Transpose', t);
  const p = perm ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  if (rank !== (t.shape?.length ?? rank) || [...p].sort((a, b) => a - b).some((v, i) => v !== i)) {
    throw new TypeError(`Transpose: [${p.join(',')}] is not a permutation of the axes of ${showSpec(t.spec)}.`);
  }
  return apply1(shape.transpose, [t], { perm: p }, name ?? 'transpose');
}

/** Adds an axis of length 1 at position `axis`. TensorFlow: `tf.expand_dims`. */
export function expandDims(x: TensorLike, axis: number, { name }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'ExpandDims');
  return apply1(
    shape.expandDims,
    [t],
    { axes: [normalizeAxis(axis, rankOf('ExpandDims', t) + 1, 'ExpandDims')] },
    name,
  );
}

/** Drops axes of length 1: those named, or all. Throws when a named one is longer. TensorFlow: `tf.squeeze`. */
export function squeeze(x: TensorLike, axis?: number | readonly number[], { name }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'Squeeze');
  const rank = rankOf('Squeeze', t);
  const axes =
    axis === undefined
      ? (t.shape ?? []).flatMap((d, i) => (d === 1 ? [i] : []))
      : [axis].flat().map((a) => normalizeAxis(a, rank, 'Squeeze'));
  return axes.length === 0 ? t : apply1(shape.squeeze, [t], { axes }, name);
}

/** Tensors joined along an existing axis. TensorFlow: `tf.concat`. */
export function concat(values: readonly TensorLike[], axis: number, { name }: Named = {}): Tensor {
  if (values.length === 0) throw new TypeError('ConcatV2: expected at least one tensor, got none.');
  const ts = toTensors('ConcatV2', values);
  const a = normalizeAxis(axis, rankOf('ConcatV2', ts.find((t) => t.shape !== undefined) ?? ts[0]), 'ConcatV2');
  return ts.length === 1 ? ts[0] : apply1(shape.concat, ts, { axis: a }, name ?? 'concat');
}

/** Tensors of one shape joined along a new axis. TensorFlow: `tf.stack`. */
export function stack(values: readonly TensorLike[], { axis = 0, name }: Named & { axis?: number } = {}): Tensor {
  if (values.length === 0) throw new TypeError('Pack: expected at least one tensor, got none.');
  const ts = toTensors('Pack', values);
  return apply1(shape.pack, ts, { axis: normalizeAxis(axis, rankOf('Pack', ts[0]) + 1, 'Pack') }, name ?? 'stack');
}

/** The `num` slices of x along an axis (default: its static length). TensorFlow: `tf.unstack`. */
export function unstack(
  x: TensorLike,
  { num, axis = 0, name }: Named & { num?: number; axis?: number } = {},
): Tensor[] {
  const t = toTensor(x, undefined, 'Unpack');
  const a = normalizeAxis(axis, rankOf('Unpack', t), 'Unpack');
  const n = num ?? t.shape?.[a] ?? null;
  if (n === null)
    throw new TypeError(`Unpack: the length of axis ${a} of ${showSpec(t.spec)} is unknown. Pass { num }.`);
  return [...asTensors(apply(shape.unpack, [t], { axis: a, num: n }, name ?? 'unstack').outputs)];
}

/** Pieces of x along an axis: a number of equal ones, or of the given sizes. TensorFlow: `tf.split`. */
export function split(
  x: TensorLike,
  parts: number | readonly number[],
  { axis = 0, name }: Named & { axis?: number } = {},
): Tensor[] {
  const t = toTensor(x, undefined, 'SplitV');
  const a = normalizeAxis(axis, rankOf('SplitV', t), 'SplitV');
  if (typeof parts !== 'number')
    return splitBy(t, constantOf('int32', [parts.length], Int32Array.from(parts)), parts.length, a, name);
  const d = t.shape?.[a] ?? null;
  if (d === null || d % parts !== 0)
    throw new TypeError(
      `SplitV: axis ${a} of ${showSpec(t.spec)} does not divide into ${parts} equal parts. Give the sizes.`,
    );
  return splitBy(t, constantOf('int32', [parts], new Int32Array(parts).fill(d / parts)), parts, a, name);
}

/** Pieces of x whose sizes are an int32 tensor. */
export const splitBy = (x: Tensor, sizes: Tensor, num: number, axis: number, name = 'split'): Tensor[] => [
  ...asTensors(apply(shape.split, [x, sizes], { axis, num }, name).outputs),
];

/** The block of x from `begin` with lengths `size`; -1 means to the end. Throws when it does not lie in x. TensorFlow: `tf.slice`. */
export const slice = (x: TensorLike, begin: TensorLike, size: TensorLike, { name }: Named = {}): Tensor =>
  apply1(shape.slice, [toTensor(x, undefined, 'Slice'), toShape(begin, 'Slice'), toShape(size, 'Slice')], {}, name);

/** x with zeros added: `paddings` has a row [before, after] per axis. TensorFlow: `tf.pad`. */
export const pad = (x: TensorLike, paddings: TensorLike, { name }: Named = {}): Tensor =>
  apply1(shape.pad, [toTensor(x, undefined, 'Pad'), toInts(paddings, 'Pad')], {}, name);

/** The elements in reverse order along the given axes. TensorFlow: `tf.reverse`. */
export function reverse(x: TensorLike, axis: number | readonly number[], { name }: Named = {}): Tensor {
  const t = toTensor(x, undefined, 'ReverseV2');
  const rank = rankOf('ReverseV2', t);
  return apply1(shape.reverse, [t], { axes: [axis].flat().map((a) => normalizeAxis(a, rank, 'ReverseV2')) }, name);
}

/** x repeated to a shape it broadcasts to. TensorFlow: `tf.broadcast_to`. */
export const broadcastTo = (
  x: TensorLike,
  to: TensorLike | readonly (number | Tensor)[],
  { name }: Named = {},
): Tensor => apply1(shape.broadcastTo, [toTensor(x, undefined, 'BroadcastTo'), toShape(to, 'BroadcastTo')], {}, name);

/** x summed down to the shape of `like`, from which it was broadcast; x itself when the shapes are statically equal. */
export function sumToLike(x: Tensor, like: Tensor): Tensor {
  if (
    isKnown(x.shape) &&
    isKnown(like.shape) &&
    x.shape.length === like.shape.length &&
    x.shape.every((d, i) => d === like.shape?.[i])
  )
    return x;
  return apply1(shape.sumTo, [x, shapeOf(like)], {});
}

export type { NoAttrs };
export const shapeMethods = {
  reshape,
  transpose,
  expandDims,
  squeeze,
  slice,
  pad,
  reverse,
  broadcastTo,
  unstack,
  split,
};
