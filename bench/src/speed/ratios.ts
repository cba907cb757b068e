import type { Spread } from '../measure.js';
import { memoryTargets, otherNodeTarget, targets } from './targets.js';

/** The library itself, and the same on another Node. */
export const OURS = 'tensorloom';
export const ON_OTHER = 'tensorloom-other';

/** What a contender did in a workload with a number of threads. */
export interface Outcome {
  readonly contender: string;
  readonly threads: number;
  readonly time: Spread;
  readonly steps: number;
  /** Milliseconds to the end of the first step, modules loaded. */
  readonly first: number | undefined;
  readonly memory: number;
  readonly versions: Readonly<Record<string, string>>;
}

const fastest = (outcomes: readonly Outcome[], contender: string): Outcome | undefined =>
  outcomes.filter((o) => o.contender === contender).sort((a, b) => a.time.median - b.time.median)[0];

/** A ratio to a peer, of times or of memory, and what it should be at most. That of ours on another Node is to ours on this one. */
export interface Ratio {
  readonly to: string;
  readonly ratio: number;
  readonly target: number | undefined;
}

/** Ratios to each peer. */
export interface Ratios {
  readonly time: readonly Ratio[];
  readonly memory: readonly Ratio[];
}

/** Ratios to each peer, with the number of threads that is best for each of both. */
export function ratiosOf(letter: string, outcomes: readonly Outcome[]): Ratios {
  const ours = fastest(outcomes, OURS);
  const others = [...new Set(outcomes.map((o) => o.contender))].filter((name) => name !== OURS);
  const peers = others.flatMap((name) => fastest(outcomes, name) ?? []);
  if (ours === undefined) return { time: [], memory: [] };
  return {
    time: peers.map(({ contender, time }) =>
      contender === ON_OTHER
        ? { to: contender, ratio: time.median / ours.time.median, target: otherNodeTarget }
        : { to: contender, ratio: ours.time.median / time.median, target: targets[letter][contender] },
    ),
    memory: peers
      .filter(({ contender }) => Object.hasOwn(memoryTargets, contender))
      .map(({ contender, memory }) => ({
        to: contender,
        ratio: ours.memory / memory,
        target: memoryTargets[contender],
      })),
  };
}

/** Whether a ratio is as wanted; `undefined` where nothing is. */
export const isMet = ({ ratio, target }: Ratio): boolean | undefined =>
  target === undefined ? undefined : ratio <= target;
