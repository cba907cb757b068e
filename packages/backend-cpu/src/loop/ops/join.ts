import { type Op, shape as shapes } from '@tensorloom/graph';
import type { StaticStep } from '@tensorloom/runtime';
import type { Planner } from '../planner.js';
import type { View } from '../program.js';
import { type LoopOp, entry, isStep, unlessFirst } from './loop-op.js';
import { parts } from './shape.js';

/** Where each input of a concat or pack lies in the result. */
export function partsOf(step: StaticStep, target: View, planner: Pick<Planner, 'type'>): View[] | undefined {
  if (isStep(shapes.concat, step)) {
    const { axis } = step.attrs;
    return parts(
      target,
      step.inputs.map((v) => planner.type(v).shape[axis]),
      axis,
    );
  }
  if (!isStep(shapes.pack, step)) return undefined;
  const { axis } = step.attrs;
  const whole = parts(
    target,
    step.inputs.map(() => 1),
    axis,
  );
  return whole.map((v) => ({ ...v, strides: v.strides.filter((_, i) => i !== axis) }));
}

function joined(step: StaticStep, planner: Planner): void {
  const [out] = step.outputs;
  const target = planner.wanted(out) ?? planner.allocate(planner.type(out), planner.isBatched(out));
  const isBatched = planner.isBatched(out);
  partsOf(step, target, planner)?.forEach((part, i) => {
    const v = step.inputs[i];
    const view = planner.view(v);
    const isThere = view.pointer === part.pointer && view.offset === part.offset;
    if (!isThere) planner.copy(view, part, planner.type(v), isBatched);
  });
  planner.define(out, target);
}

/** Ops that join tensors. */
export const joinOps: readonly [Op, LoopOp][] = [
  entry(
    shapes.concat,
    unlessFirst(({ attrs }) => attrs.axis === 0),
    joined,
  ),
  entry(
    shapes.pack,
    unlessFirst(({ attrs }) => attrs.axis === 0),
    joined,
  ),
];
