import { type Seeds, WORDS_PER_BLOCK, philox } from './philox.js';

/** Fills `out` with a permutation of 0, 1, ..., from block `startBlock` of a stream; returns the block after the last one used (TF `random_shuffle`). */
export function fillPermutation(out: Int32Array, seeds: Seeds, startBlock: number): number {
  const draws = Math.max(0, out.length - 1);
  const blocks = Math.ceil(draws / WORDS_PER_BLOCK);
  const words = new Uint32Array(blocks * WORDS_PER_BLOCK);
  philox(words, seeds, startBlock);
  for (let i = 0; i < out.length; i++) out[i] = i;
  for (let i = 0; i < draws; i++) {
    const j = i + (words[i] % (out.length - i));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return startBlock + blocks;
}
