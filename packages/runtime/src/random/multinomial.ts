import type { HostTensor } from '../backend.js';
import { uniform64 } from './distributions.js';
import { type Seeds, philox } from './philox.js';

/** The blocks that TensorFlow sets aside for each pair of words. */
const BLOCKS_PER_DRAW = 256;

/**
 * Fills `out` [rows, samples] with classes drawn by their unnormalised log probabilities [rows, classes], from block `startBlock` of a
 * stream; returns the block at which the next execution starts (TF `multinomial`). Classes of infinite or NaN score are never drawn.
 */
export function fillMultinomial(
  out: Int32Array,
  seeds: Seeds,
  startBlock: number,
  { shape, data }: HostTensor,
): number {
  const [rows, classes] = shape;
  const samples = rows === 0 ? 0 : out.length / rows;
  const words = new Uint32Array(2 * out.length);
  philox(words, seeds, startBlock);
  const cumulative = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    const scores = Float64Array.from(data.subarray(row * classes, (row + 1) * classes));
    const largest = scores.reduce((a, b) => (Number.isFinite(b) && b > a ? b : a), -Infinity);
    let total = 0;
    for (let c = 0; c < classes; c++) {
      if (Number.isFinite(scores[c])) total += Math.exp(Math.fround(scores[c] - largest));
      cumulative[c] = total;
    }
    for (let k = row * samples; k < (row + 1) * samples; k++) {
      const point = uniform64(words[2 * k], words[2 * k + 1]) * total;
      const found = cumulative.findIndex((sum) => sum > point);
      out[k] = found < 0 ? classes - 1 : found;
    }
  }
  return startBlock + 4 * Math.ceil(samples / 4) * rows * 2 * BLOCKS_PER_DRAW;
}
