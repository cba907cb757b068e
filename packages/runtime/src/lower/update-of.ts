import { type Op, elementwise, scatteredBy, state } from '@tensorloom/graph';

const updates: ReadonlyMap<Op, Op> = new Map<Op, Op>([
  [state.assignAdd, elementwise.add],
  [state.assignSub, elementwise.sub],
  ...scatteredBy,
]);

/** The op that an assignment is computed by; `null` when the value is taken as it is. */
export const updateOf = (op: Op): Op | null => updates.get(op) ?? null;
