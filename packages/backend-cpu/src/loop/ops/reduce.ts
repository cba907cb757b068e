import { type AttrsOf, type Op, reduce, sameShape, shape as shapes } from '@tensorloom/graph';
import type { StaticStep } from '@tensorloom/runtime';
import { planReduction } from '../../kernels/reduce.js';
import type { Planner } from '../planner.js';
import { type KernelName, Unsupported, float, int, rows } from '../program.js';
import { type LoopOp, capital, entry, unlessFirst } from './loop-op.js';
import { reshaped, seen } from './shape.js';

/** Reduces axes by one pass of a kernel. */
function reduced(
  { inputs: [x], outputs: [y] }: StaticStep,
  planner: Planner,
  name: 'sum' | 'prod' | 'max' | 'min',
  isReduced: (axis: number) => boolean,
  mean = false,
): void {
  const type = planner.type(x);
  const { dtype } = type;
  const { shape } = planner.type(y);
  const isBatched = planner.isBatched(y);
  const plan = planReduction(type, isReduced, shape);
  if (plan.passes.length === 0) {
    reshaped({ op: reduce.sum, attrs: {}, inputs: [x], host: [], outputs: [y] }, planner);
    return;
  }
  if (plan.passes.length > 1 || plan.count === 0) throw new Unsupported('a reduction of axes apart');
  if (dtype === 'bool' && (name === 'sum' || name === 'prod')) throw new Unsupported(name);
  if (mean && dtype === 'int32') throw new Unsupported('mean');
  const [{ outer, reduced: count, inner }] = plan.passes;
  const from = planner.dense(x);
  const to = planner.denseTarget(y);
  const outerRows = isBatched ? rows(outer / shape[0]) : int(outer);
  const divides = name === 'sum' && (dtype === 'float32' || dtype === 'float64');
  // The pass exists: bool has max and min only.
  const kernel = `${name}${capital(dtype)}` as KernelName;
  planner.call(
    kernel,
    planner.address(from, isBatched),
    planner.address(to, isBatched),
    outerRows,
    int(count),
    int(inner),
    ...(divides ? [float(mean ? plan.count : 1)] : []),
  );
}

const reduction = (
  op: Op<AttrsOf<typeof reduce.sum>>,
  name: 'sum' | 'prod' | 'max' | 'min',
  mean = false,
): [Op, LoopOp] =>
  entry(
    op,
    unlessFirst(({ attrs: { axes } }) => axes === null || axes.includes(0)),
    (step, planner) => {
      const { axes } = step.attrs;
      reduced(step, planner, name, (axis) => axes === null || axes.includes(axis), mean);
    },
  );

/** Ops that reduce axes. */
export const reduceOps: readonly [Op, LoopOp][] = [
  reduction(reduce.sum, 'sum'),
  reduction(reduce.mean, 'sum', true),
  reduction(reduce.prod, 'prod'),
  reduction(reduce.max, 'max'),
  reduction(reduce.min, 'min'),
  reduction(reduce.all, 'min'),
  reduction(reduce.any, 'max'),
  entry(
    shapes.sumTo,
    unlessFirst(
      ({ inputs: [x], outputs: [y] }, values) =>
        values[x].shape[0] !== values[y].shape[0] || values[x].shape.length !== values[y].shape.length,
    ),
    (step, planner) => {
      const [from, to] = [step.inputs[0], step.outputs[0]].map((v) => planner.type(v).shape);
      if (sameShape(from, to)) {
        seen(step, planner, ({ strides }) => ({ strides }));
        return;
      }
      const missing = from.length - to.length;
      reduced(step, planner, 'sum', (axis) => axis < missing || (to[axis - missing] === 1 && from[axis] !== 1));
    },
  ),
];
