import type { Edge, Node } from '@tensorloom/graph';
import { collect } from './collect.js';
import { copyNeeded } from './copy.js';
import { type Devices, oneDevice } from './device.js';
import type { IrFunction, IrValue } from './ir.js';
import { fuse } from './fuse.js';
import { hoist } from './hoist.js';
import { type Place, place } from './place.js';
import { prune } from './prune.js';
import type { Program } from './program.js';
import { pushOut } from './push-out.js';
import { type Calling, schedule } from './schedule.js';
import { share } from './share.js';
import { sink } from './sink.js';
import { split } from './split.js';

/** A rewrite of the intermediate representation that keeps its meaning. */
export type Pass = (f: IrFunction) => IrFunction;

/** The rewrites of loops, by name, in the order they run. */
export const loopRewrites = { split, hoist, pushOut, sink, collect };

/** All rewrites, by name. */
export const rewrites = { share, prune, ...loopRewrites };

/** The passes, in the order they run, without some of the rewrites: what each of them is worth is measured so. */
export function passesWithout(...names: (keyof typeof rewrites)[]): readonly Pass[] {
  const left = new Set<Pass>(names.map((name) => rewrites[name]));
  const isUsed = (pass: Pass): boolean => !left.has(pass);
  const run = (f: IrFunction, through: readonly Pass[]): IrFunction => through.reduce((g, pass) => pass(g), f);
  const first = [share, prune].filter(isUsed);
  const ofLoops = Object.values(loopRewrites).filter(isUsed);
  const loops: Pass = (f) => {
    const rewritten = run(f, ofLoops);
    // They leave nodes behind that must be cleared away, where there was a loop at all.
    return rewritten === f ? f : run(prune(rewritten), [share].filter(isUsed));
  };
  return [...first, loops];
}

/** The passes, in the order they run. */
export const passes: readonly Pass[] = passesWithout();

/**
 * Graph to program: what `fetches` and `targets` need, given that `feeds` are fed. Throws a `GraphError` when a placeholder is
 * needed and not fed. Arguments and results of the program are host tensors; `devices` are those it may use.
 */
export function lower(
  fetches: readonly Edge[],
  targets: readonly Node[],
  feeds: readonly Edge[],
  rewrites: readonly Pass[] = passes,
  devices: Devices = oneDevice,
): Program {
  const f = rewrites.reduce((g, pass) => pass(g), copyNeeded(feeds, fetches, targets));
  const places = new Map<IrValue, Place>();
  place(
    f,
    f.params.map((): Place => 'either'),
    places,
    devices,
  );
  const calling: Calling = {
    params: f.params.map(() => 'host'),
    owned: f.params.map(() => true),
    results: f.results.map(() => 'host'),
  };
  return schedule(fuse(f, places, devices), places, calling, devices);
}
