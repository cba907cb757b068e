import { type Op, create, shape as shapes } from '@tensorloom/graph';
import type { StaticStep } from '@tensorloom/runtime';
import { rowMajor, strideAlong } from '../axes.js';
import type { Planner } from '../planner.js';
import type { View } from '../program.js';
import { type LoopOp, entry, rowByRow, unlessFirst } from './loop-op.js';

/** The result is the first input, seen with other strides. */
export function seen(
  { inputs: [x], outputs: [y] }: StaticStep,
  planner: Planner,
  by: (view: View) => Pick<View, 'strides'> & Partial<View>,
): void {
  const view = planner.view(x);
  planner.define(y, { ...view, ...by(view) });
}

/** The first input's elements in order, in another shape. */
export function reshaped({ inputs: [x], outputs: [y] }: StaticStep, planner: Planner): void {
  planner.define(y, { ...planner.dense(x), strides: rowMajor(planner.type(y).shape, planner.sizeOf(x)) });
}

/** The parts of a result that its inputs are, along an axis: `lengths` of them. */
export function parts(target: View, lengths: readonly number[], axis: number): View[] {
  let from = 0;
  return lengths.map((length) => {
    const offset = target.offset + from * target.strides[axis];
    from += length;
    return { ...target, offset };
  });
}

/** Ops whose results are what there is, seen otherwise. */
export const shapeOps: readonly [Op, LoopOp][] = [
  entry(
    shapes.reshape,
    unlessFirst(({ inputs: [x], outputs: [y] }, values) => values[x].shape[0] !== values[y].shape[0]),
    reshaped,
  ),
  entry(
    shapes.expandDims,
    unlessFirst(({ attrs }) => attrs.axes.includes(0)),
    (step, planner) => {
      const { attrs, outputs } = step;
      let next = 0;
      const { shape } = planner.type(outputs[0]);
      seen(step, planner, ({ strides }) => ({
        strides: shape.map((_, axis) => (attrs.axes.includes(axis) ? 0 : strides[next++])),
      }));
    },
  ),
  entry(
    shapes.squeeze,
    unlessFirst(({ attrs }) => attrs.axes.includes(0)),
    (step, planner) => {
      const { axes } = step.attrs;
      seen(step, planner, ({ strides }) => ({ strides: strides.filter((_, axis) => !axes.includes(axis)) }));
    },
  ),
  entry(
    shapes.transpose,
    unlessFirst(({ attrs }) => attrs.perm[0] !== 0),
    (step, planner) => {
      const { perm } = step.attrs;
      seen(step, planner, ({ strides }) => ({ strides: perm.map((p) => strides[p]) }));
    },
  ),
  entry(shapes.broadcastTo, rowByRow, (step, planner) => {
    const from = planner.type(step.inputs[0]).shape;
    const to = planner.type(step.outputs[0]).shape;
    seen(step, planner, ({ strides }) => ({ strides: strideAlong(to, from, strides) }));
  }),
  entry(
    shapes.split,
    unlessFirst(({ attrs }) => attrs.axis === 0),
    ({ inputs: [x], outputs, attrs: { axis } }, planner) => {
      const view = planner.view(x);
      const lengths = outputs.map((v) => planner.type(v).shape[axis]);
      parts(view, lengths, axis).forEach((part, i) => planner.define(outputs[i], part));
    },
  ),
  entry(
    shapes.unpack,
    unlessFirst(({ attrs }) => attrs.axis === 0),
    ({ inputs: [x], outputs, attrs: { axis } }, planner) => {
      const view = planner.view(x);
      const lengths = outputs.map(() => 1);
      const strides = view.strides.filter((_, i) => i !== axis);
      parts(view, lengths, axis).forEach((part, i) => planner.define(outputs[i], { ...part, strides }));
    },
  ),
  entry(
    shapes.slice,
    unlessFirst(({ inputs: [x], outputs: [y] }, values) => values[x].shape[0] !== values[y].shape[0]),
    (step, planner) => {
      const [begin] = step.host;
      seen(step, planner, ({ offset, strides }) => ({
        strides,
        offset: strides.reduce((sum, s, axis) => sum + s * begin.data[axis], offset),
      }));
    },
  ),
  entry(
    create.fill,
    () => false,
    (step, planner) => {
      const { shape } = planner.type(step.outputs[0]);
      seen(step, planner, () => ({ strides: shape.map(() => 0) }));
    },
  ),
];
