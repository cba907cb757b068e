import type { IrValue } from './ir.js';
import type { Loop } from './loop.js';

/**
 * What a value in the body of a loop follows from: nothing that changes; the rows of sequences, too, but nothing that goes from trip to
 * trip; or more.
 */
export type Dependence = 'constant' | 'rows' | 'trips';

/** The dependence of every value in the body. Random numbers and effects make another value at every trip. */
export function dependencesOf({ consts, carry, xs, nodes }: Loop): ReadonlyMap<IrValue, Dependence> {
  const kinds = new Map<IrValue, Dependence>([
    ...consts.map(({ inner }) => [inner, 'constant'] as const),
    ...carry.map(({ inner }) => [inner, 'trips'] as const),
    ...xs.map(({ inner }) => [inner, 'rows'] as const),
  ]);
  for (const n of nodes) {
    const from = n.inputs.map((v) => kinds.get(v));
    const isPure = n.op.effect === 'pure' && n.bodies.length === 0;
    const kind: Dependence = !isPure || from.includes('trips') ? 'trips' : from.includes('rows') ? 'rows' : 'constant';
    n.outputs.forEach((o) => kinds.set(o, kind));
  }
  return kinds;
}
