import { create, shape as ops, strided, stridedAxis } from '@tensorloom/graph';
import type { Launch } from '../launch.js';
import { type Plan, rulesOf } from '../kernel.js';
import { type View, access, broadcastView, rowMajor } from '../view.js';

/** Copies what a view of `x0` reads to a result of shape `y`. */
function copy(y: readonly number[], view: View, input = 0): Launch {
  const {
    body,
    at: [at],
    integers,
  } = access(y, [view]);
  return { body: `${body}return x0[${at}];`, arrays: { x0: input }, integers };
}

/** Consecutive parts along an axis: of each the shape and where it begins. */
function parts(
  x: readonly number[],
  axis: number,
  results: readonly { readonly shape: readonly number[]; readonly from: number }[],
): Launch[] {
  const strides = rowMajor(x);
  return results.map(({ shape, from }) => copy(shape, { offset: from * strides[axis], strides }));
}

const broadcast =
  (input: number): Plan =>
  (inputs, [{ shape }]) => [copy(shape, broadcastView(inputs[input].shape, shape), input)];

/** Rules of the ops whose results are read from one input with other strides. */
export const moveRules = [
  ...rulesOf(ops, {
    transpose: {
      plan([x], [{ shape }], { perm }) {
        const strides = rowMajor(x.shape);
        return [copy(shape, { offset: 0, strides: perm.map((p) => strides[p]) })];
      },
    },
    slice: {
      plan([x, begin], [{ shape }]) {
        const strides = rowMajor(x.shape);
        return [copy(shape, { offset: strides.reduce((sum, s, i) => sum + s * begin.data[i], 0), strides })];
      },
    },
    reverse: {
      plan([x], [{ shape }], { axes }) {
        const strides = rowMajor(x.shape);
        const offset = axes.reduce((sum, axis) => sum + (x.shape[axis] - 1) * strides[axis], 0);
        return [copy(shape, { offset, strides: strides.map((s, i) => (axes.includes(i) ? -s : s)) })];
      },
    },
    broadcastTo: { plan: broadcast(0) },
    unpack: {
      plan([x], outputs, { axis }) {
        const pieces = outputs.map((_, from) => ({ shape: x.shape.map((d, i) => (i === axis ? 1 : d)), from }));
        return parts(x.shape, axis, pieces);
      },
    },
    split: {
      plan([x], outputs, { axis }) {
        const lengths = outputs.map(({ shape }) => shape[axis]);
        const pieces = outputs.map(({ shape }, i) => ({
          shape,
          from: lengths.slice(0, i).reduce((sum, n) => sum + n, 0),
        }));
        return parts(x.shape, axis, pieces);
      },
    },
  }),
  ...rulesOf(strided, {
    stridedSlice: {
      plan([x, begin, end, step], _, attrs) {
        const taken = x.shape.map((d, axis) =>
          stridedAxis(d, axis, [begin.data[axis], end.data[axis], step.data[axis]], attrs),
        );
        const strides = rowMajor(x.shape);
        return [
          copy(
            taken.map((t) => t.length),
            {
              offset: strides.reduce((sum, s, i) => sum + s * taken[i].start, 0),
              strides: strides.map((s, i) => s * taken[i].stride),
            },
          ),
        ];
      },
    },
  }),
  ...rulesOf(create, {
    fill: { plan: broadcast(1) },
    range: {
      plan: ([start, , delta]) => [
        {
          body: 'return bounds[0] + this.thread.x * bounds[1];',
          arrays: { bounds: Float32Array.of(start.data[0], delta.data[0]) },
          integers: {},
        },
      ],
    },
  }),
];
