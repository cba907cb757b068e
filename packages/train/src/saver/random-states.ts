import type { RandomStreamState } from '@tensorloom/runtime';
import { CheckpointError } from './safetensors.js';

type States = ReadonlyMap<string, RandomStreamState>;

/** Where random streams stand, as text for a checkpoint's metadata. */
export const writeRandomStates = (states: States): string => JSON.stringify([...states]);

/** The positions that `writeRandomStates` wrote. Throws a `CheckpointError` at anything else. */
export function readRandomStates(text: string): States {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return refuse('no JSON');
  }
  if (!Array.isArray(read)) return refuse('no list');
  const states = new Map<string, RandomStreamState>();
  for (const entry of read as readonly unknown[]) {
    const [name, state] = Array.isArray(entry) && entry.length === 2 ? (entry as readonly unknown[]) : [];
    if (typeof name !== 'string') return refuse('an entry without a name');
    if (states.has(name)) return refuse(`two entries of '${name}'`);
    if (!isState(state)) return refuse(`no position for '${name}'`);
    states.set(name, state);
  }
  return states;
}

function isState(x: unknown): x is RandomStreamState {
  if (typeof x !== 'object' || x === null || !('seeds' in x) || !('block' in x)) return false;
  const { seeds, block } = x;
  if (!isListOf(seeds, 0, 2 ** 32 - 1) || seeds.length !== 4 || !isWithin(block, 0, Number.MAX_SAFE_INTEGER))
    return false;
  if (!('counts' in x)) return true;
  // They add up to an int32.
  return isListOf(x.counts, 1, 2 ** 31 - 1) && x.counts.reduce((a, b) => a + b, 0) < 2 ** 31;
}

const isWithin = (x: unknown, least: number, most: number): x is number =>
  typeof x === 'number' && Number.isInteger(x) && x >= least && x <= most;

const isListOf = (xs: unknown, least: number, most: number): xs is number[] =>
  Array.isArray(xs) && xs.every((x) => isWithin(x, least, most));

function refuse(got: string): never {
  throw new CheckpointError(
    `restore: expected the positions of random streams, got ${got.slice(0, 300)}. The file is damaged, or of another program.`,
  );
}
