import { uniform64 } from './distributions.js';
import type { Seeds } from './philox.js';
import { Words } from './words.js';

/** The blocks that TensorFlow sets aside for each number drawn. */
const BLOCKS_PER_CANDIDATE = 512;

/** Draws a number below `range`. */
export type Draw = (words: Words, range: number) => number;

/** Numbers k with the probability log((k + 2) / (k + 1)) / log(range + 1) (TF `LogUniformSampler`). */
export const logUniform: Draw = (words, range) =>
  (Math.trunc(Math.exp(uniform64(words.next(), words.next()) * Math.log1p(range))) - 1) % range;

/** Numbers that are equally likely: 64 random bits modulo the range, without those at which it would not come out even (TF `UniformSampler`). */
export const uniform: Draw = (words, range) => {
  const bits = (): bigint => BigInt(words.next()) | (BigInt(words.next()) << 32n);
  const n = BigInt(range);
  if ((n & (n - 1n)) === 0n) return Number(bits() & (n - 1n));
  const uneven = (((1n << 64n) - 1n) % n) + 1n;
  for (;;) {
    const drawn = bits();
    if (drawn >= uneven) return Number(drawn % n);
  }
};

/**
 * Fills all of `out` but the last with numbers below `range`, no two of them equal where they shall be unique, and the last with how
 * often it drew; from block `startBlock` of a stream. Returns the block at which the next execution starts.
 */
export function fillCandidates(
  out: Int32Array,
  seeds: Seeds,
  startBlock: number,
  draw: Draw,
  range: number,
  unique: boolean,
): number {
  const count = out.length - 1;
  if (range < 1 || (unique && count > range)) {
    throw new RangeError(`candidates: expected ${count} numbers below ${range} to draw from, got fewer. Draw fewer.`);
  }
  const words = new Words(seeds, startBlock);
  const seen = new Set<number>();
  let tries = 0;
  for (let i = 0; i < count; tries++) {
    const k = draw(words, range);
    if (unique && seen.has(k)) continue;
    seen.add(k);
    out[i++] = k;
  }
  out[count] = tries;
  return startBlock + BLOCKS_PER_CANDIDATE * count;
}
