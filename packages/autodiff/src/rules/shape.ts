import {
  type Edge,
  type Op,
  type Tensor,
  asTensors,
  broadcastTo,
  concat,
  constantOf,
  dimOf,
  isFloating,
  pad,
  reshape,
  reverse,
  shape,
  shapeOf,
  slice,
  splitBy,
  squeeze,
  stack,
  sub,
  sumToLike,
  transpose,
  unstack,
  zerosLike,
  apply1,
} from '@tensorloom/graph';
import { type Rule, rulesOf } from '../rule.js';

/** The gradients of all outputs, zeros where none came. */
const filled = (outputs: readonly Edge[], dys: readonly (Edge | null)[]): Tensor[] =>
  asTensors(outputs).map((o, i) => {
    const dy = dys[i];
    return dy === null ? zerosLike(o) : asTensors([dy])[0];
  });

const { split, unpack, ...single } = shape;

const like = (dy: Tensor, x: Tensor): Tensor => reshape(dy, shapeOf(x));

const inverse = (perm: readonly number[]): number[] => perm.map((_, i) => perm.indexOf(i));

/** Lengths of tensors along an axis as an int32 vector. */
const lengths = (xs: readonly Tensor[], axis: number): Tensor => {
  const known = xs.map((x) => x.shape?.[axis] ?? null);
  return known.every((d) => d !== null)
    ? constantOf('int32', [known.length], Int32Array.from(known))
    : stack(xs.map((x) => dimOf(x, axis)));
};

const manyOutputs: readonly (readonly [Op, Rule | null])[] = [
  [split, ({ outputs, attrs }, dys) => [concat(filled(outputs, dys), (attrs as { axis: number }).axis), null]],
  [unpack, ({ outputs, attrs }, dys) => [stack(filled(outputs, dys), { axis: (attrs as { axis: number }).axis })]],
];

/** Gradients of the family that moves elements. */
export const shapeRules = [
  ...manyOutputs,
  ...rulesOf(single, {
    shape: null,
    dim: null,
    reshape: ({ inputs: [x] }, dy) => [like(dy, x), null],
    transpose: ({ attrs }, dy) => [transpose(dy, inverse(attrs.perm))],
    expandDims: ({ attrs }, dy) => [squeeze(dy, attrs.axes)],
    squeeze: ({ attrs }, dy) => [apply1(shape.expandDims, [dy], { axes: attrs.axes })],
    concat: ({ inputs, attrs }, dy) =>
      splitBy(dy, lengths(inputs, attrs.axis), inputs.length, attrs.axis).map((d, i) =>
        isFloating(inputs[i].dtype) ? d : null,
      ),
    pack: ({ inputs, attrs }, dy) => unstack(dy, { num: inputs.length, axis: attrs.axis }),
    slice: ({ inputs: [x, begin] }, dy) => {
      const after = sub(sub(shapeOf(x), begin), shapeOf(dy));
      return [pad(dy, stack([begin, after], { axis: 1 })), null, null];
    },
    pad: ({ inputs: [x, paddings] }, dy) => {
      const rank = x.shape?.length ?? 0;
      return [slice(dy, reshape(slice(paddings, [0, 0], [rank, 1]), [rank]), shapeOf(x)), null];
    },
    reverse: ({ attrs }, dy) => [reverse(dy, attrs.axes)],
    broadcastTo: ({ inputs: [x] }, dy) => [sumToLike(dy, x), null],
    sumTo: ({ inputs: [x] }, dy) => [broadcastTo(dy, shapeOf(x)), null],
  }),
];
