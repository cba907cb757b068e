import { refuse } from '@tensorloom/graph';

/** A number for each spatial axis: from one for all, one for each, or one for every axis with 1 for batch and channels. */
export function spatial(op: string, what: string, given: number | readonly number[], rank: number): readonly number[] {
  const all = typeof given === 'number' || given.length === 1 ? new Array<number>(rank).fill([given].flat()[0]) : given;
  const hasEnds = all.length === rank + 2 && all[0] === 1 && all[rank + 1] === 1;
  const inner = hasEnds ? all.slice(1, -1) : all;
  if (inner.length !== rank || !inner.every((n) => Number.isInteger(n) && n > 0)) {
    return refuse(
      op,
      `expected ${what} as a positive integer, ${rank} of them, or ${rank + 2} with 1 for batch and channels, got [${all.join(',')}].`,
    );
  }
  return inner;
}
