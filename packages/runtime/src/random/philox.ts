/**
 * What tells one random stream from another: the half of Philox's input that stays the same from block to block.
 *
 * Each pair is a 64-bit number as two unsigned 32-bit words, low word first.
 */
export interface Seeds {
  /** The key: the graph seed. */
  readonly key: readonly [low: number, high: number];
  /** Counter words 2 and 3: the op seed. */
  readonly counter: readonly [low: number, high: number];
}

/** How many 32-bit words a block holds. */
export const WORDS_PER_BLOCK = 4;

const ROUNDS = 10;

/**
 * Fills `words` with the blocks `startBlock`, `startBlock + 1`, ... of a random stream, four unsigned 32-bit words a block, in order.
 *
 * The generator is Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), bit for bit as
 * in TensorFlow: counter words 0 and 1 are the block number, a non-negative safe integer. If the length of `words` is
 * not a multiple of four, the rest of the last block is dropped.
 */
export function philox(words: Uint32Array, seeds: Seeds, startBlock: number): void {
  const [keyLow, keyHigh] = seeds.key;
  const [counterLow, counterHigh] = seeds.counter;

  let block = startBlock;
  for (let at = 0; at < words.length; at += WORDS_PER_BLOCK, block++) {
    let c0 = block | 0; // keeps the low 32 bits, however large the number
    let c1 = (block / 0x1_0000_0000) | 0;
    let c2 = counterLow | 0;
    let c3 = counterHigh | 0;
    let k0 = keyLow | 0;
    let k1 = keyHigh | 0;
    for (let round = 0; round < ROUNDS; round++) {
      const high0 = multiplyHigh(c0, 0xd251, 0x1f53);
      const high2 = multiplyHigh(c2, 0xcd9e, 0x8d57);
      const low0 = Math.imul(c0, 0xd2511f53);
      const low2 = Math.imul(c2, 0xcd9e8d57);
      c0 = high2 ^ c1 ^ k0;
      c1 = low2;
      c2 = high0 ^ c3 ^ k1;
      c3 = low0;
      k0 = (k0 + 0x9e3779b9) | 0;
      k1 = (k1 + 0xbb67ae85) | 0;
    }
    // A typed array ignores writes past its end, which drops the rest of the last block.
    words[at] = c0;
    words[at + 1] = c1;
    words[at + 2] = c2;
    words[at + 3] = c3;
  }
}

/**
 * The high 32 bits of the unsigned product of `a` and a constant given as two 16-bit halves. Each partial sum stays
 * below 2^32, so the 32-bit products lose nothing.
 */
function multiplyHigh(a: number, bHigh: number, bLow: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16);
  const carry = Math.imul(aLow, bHigh) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}
