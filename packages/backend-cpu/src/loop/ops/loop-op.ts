import type { DType, Op } from '@tensorloom/graph';
import type { StaticStep, StaticTensor } from '@tensorloom/runtime';
import type { Planner } from '../planner.js';

/** How a compiled loop does an op. */
export interface LoopOp {
  /**
   * Whether the outputs consist of rows, each computed from that row of the inputs that do: those in `batched`. `null` when rows
   * depend on each other.
   */
  rows(step: StaticStep, values: readonly StaticTensor[], batched: ReadonlySet<number>): boolean | null;
  /** Adds the calls that compute the outputs, or says where they lie. */
  plan(step: StaticStep, planner: Planner): void;
}

export type Step<A> = StaticStep & { readonly attrs: A };

/** An entry of the table. Steps of an op have its attributes. */
export function entry<A>(
  op: Op<A>,
  rowsOf: (step: Step<A>, values: readonly StaticTensor[], batched: ReadonlySet<number>) => boolean | null,
  plan: (step: Step<A>, planner: Planner) => void,
): [Op, LoopOp] {
  const of = (step: StaticStep): step is Step<A> => step.op === op;
  return [
    op,
    {
      rows: (step, values, batched) => (of(step) ? rowsOf(step, values, batched) : null),
      plan: (step, planner) => {
        if (of(step)) plan(step, planner);
      },
    },
  ];
}

export const anyBatched = ({ inputs }: StaticStep, batched: ReadonlySet<number>): boolean =>
  inputs.some((v) => batched.has(v));

/** Rows of the result are those of the inputs, which other inputs broadcast to. */
export function rowByRow(
  step: StaticStep,
  values: readonly StaticTensor[],
  batched: ReadonlySet<number>,
): boolean | null {
  const { shape } = values[step.outputs[0]];
  const aligned = step.inputs
    .filter((v) => batched.has(v))
    .every((v) => values[v].shape.length === shape.length && values[v].shape[0] === shape[0]);
  return aligned ? anyBatched(step, batched) : null;
}

/** Rows stay rows as long as an op leaves the first axis alone. */
export const unlessFirst =
  <A>(touchesFirst: (step: Step<A>, values: readonly StaticTensor[]) => boolean) =>
  (step: Step<A>, values: readonly StaticTensor[], batched: ReadonlySet<number>): boolean | null => {
    if (!anyBatched(step, batched)) return false;
    return touchesFirst(step, values) ? null : true;
  };

/** Whether a step is one of an op. */
export const isStep = <A>(op: Op<A>, step: StaticStep): step is Step<A> => step.op === op;

/** How the kernels for a dtype are named. */
export const capital = (dtype: DType): 'Float32' | 'Float64' | 'Int32' | 'Bool' =>
  (({ float32: 'Float32', float64: 'Float64', int32: 'Int32', bool: 'Bool' }) as const)[dtype];
