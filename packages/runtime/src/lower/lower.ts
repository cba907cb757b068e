import type { Edge, Node } from '@tensorloom/graph';
import { copyNeeded } from './copy.js';
import type { IrFunction, IrValue } from './ir.js';
import { hoist } from './hoist.js';
import { type Place, place } from './place.js';
import { prune } from './prune.js';
import type { Program } from './program.js';
import { pushOut } from './push-out.js';
import { schedule } from './schedule.js';
import { share } from './share.js';
import { sink } from './sink.js';
import { split } from './split.js';

/** A rewrite of the intermediate representation that keeps its meaning. */
export type Pass = (f: IrFunction) => IrFunction;

/** The rewrites of loops; what they leave behind is cleared away, where there was a loop at all. */
const loops: Pass = (f) => {
  const rewritten = [split, hoist, pushOut, sink].reduce((g, pass) => pass(g), f);
  return rewritten === f ? f : share(prune(rewritten));
};

/** The rewrites, in the order they run. */
export const passes: readonly Pass[] = [share, prune, loops];

/**
 * Graph to program: what `fetches` and `targets` need, given that `feeds` are fed. Throws a `GraphError` when a placeholder is
 * needed and not fed. Arguments and results of the program are host tensors.
 */
export function lower(
  fetches: readonly Edge[],
  targets: readonly Node[],
  feeds: readonly Edge[],
  rewrites: readonly Pass[] = passes,
): Program {
  const f = rewrites.reduce((g, pass) => pass(g), copyNeeded(feeds, fetches, targets));
  const places = new Map<IrValue, Place>();
  place(
    f,
    f.params.map((): Place => 'either'),
    places,
  );
  return schedule(f, places, {
    params: f.params.map(() => 'host'),
    owned: f.params.map(() => true),
    results: f.results.map(() => 'host'),
  });
}
