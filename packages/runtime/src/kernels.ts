import type { AttrsOf, Family, Op } from '@tensorloom/graph';
import type { Kernel } from './backend.js';

/** A backend's kernels for the ops of one family, under the family's keys. Those it lacks are left out. */
export type Kernels<B, F extends Family> = { readonly [K in keyof F]?: Kernel<B, AttrsOf<F[K]>> };

/** The kernels of one family as entries of a backend's table: `new Map([...kernelsOf(elementwise, {...}), ...])`. */
export function kernelsOf<B, F extends Family>(family: F, kernels: Kernels<B, F>): [Op, Kernel<B>][] {
  // The table's type has matched attributes to ops; a map over all ops cannot say that.
  const untyped = kernels as Readonly<Record<string, Kernel<B>>>;
  return Object.entries(untyped).map(([key, kernel]) => [family[key], kernel]);
}
