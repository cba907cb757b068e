import type { Seeds } from './philox.js';
import { philox, WORDS_PER_BLOCK } from './philox.js';
import { BLOCKS_PER_VALUE } from './stream.js';

/** What floating-point values are drawn into; the array's type says in which precision they are computed. */
export type FloatArray = Float32Array | Float64Array;

/**
 * Fills `out` with values uniform in [minval, maxval), from block `startBlock` of a stream (TF `random_uniform`).
 *
 * A float32 value takes one word, of which it keeps 23 bits; a float64 value takes two words and keeps 52 bits.
 * Equal to TensorFlow's bit for bit. In a range other than [0, 1), rounding may, rarely, give `maxval` itself.
 */
export function fillUniform(out: FloatArray, seeds: Seeds, startBlock: number, minval: number, maxval: number): void {
  const { valuesPerBlock, uniforms, round } = precisionOf(out);
  draw(out, valuesPerBlock, uniforms, seeds, startBlock);
  scaleAndShift(out, round(round(maxval) - round(minval)), minval);
}

/**
 * Fills `out` with normally distributed values, from block `startBlock` of a stream (TF `random_normal`).
 *
 * Pairs of uniforms give pairs of normals by the Box-Muller transform, the sine branch first. Equal to TensorFlow's to
 * the last digit or two of the precision, where logarithm and sine are rounded otherwise.
 */
export function fillNormal(out: FloatArray, seeds: Seeds, startBlock: number, mean: number, stddev: number): void {
  const { valuesPerBlock, normals } = precisionOf(out);
  draw(out, valuesPerBlock, normals, seeds, startBlock);
  scaleAndShift(out, stddev, mean);
}

/**
 * Fills `out` with normally distributed values less than two standard deviations from the mean, from block
 * `startBlock` of a stream (TF `truncated_normal`).
 *
 * The values are those of {@link fillNormal} without the ones too far out. As many values as one block would give
 * (four float32, two float64) are a group with a part of the stream of its own, so how many values one group rejects
 * does not move the next.
 */
export function fillTruncatedNormal(
  out: FloatArray,
  seeds: Seeds,
  startBlock: number,
  mean: number,
  stddev: number,
): void {
  const { valuesPerBlock, normals } = precisionOf(out);
  const blocksPerGroup = (valuesPerBlock * BLOCKS_PER_VALUE) / WORDS_PER_BLOCK;
  const words = new Uint32Array(WORDS_PER_BLOCK);
  const candidates = new Float64Array(valuesPerBlock);

  let groupStart = startBlock;
  for (let at = 0; at < out.length; groupStart += blocksPerGroup) {
    const groupEnd = Math.min(at + valuesPerBlock, out.length);
    for (let block = groupStart; at < groupEnd; block++) {
      philox(words, seeds, block);
      normals(candidates, words);
      for (const candidate of candidates) {
        if (Math.abs(candidate) < 2 && at < groupEnd) out[at++] = candidate;
      }
    }
  }
  scaleAndShift(out, stddev, mean);
}

/**
 * Fills `out` with integers uniform in [minval, maxval), from block `startBlock` of a stream (TF `random_uniform` of int32).
 *
 * A value is `minval + word % (maxval - minval)`, so it is slightly biased unless the range is a power of two. Bounds
 * that are not int32, or a range without a value in it, are errors.
 */
export function fillUniformInt(
  out: Int32Array,
  seeds: Seeds,
  startBlock: number,
  minval: number,
  maxval: number,
): void {
  if (minval !== (minval | 0) || maxval !== (maxval | 0) || minval >= maxval) {
    throw new RangeError(
      `randomUniform: expected int32 bounds with minval < maxval, got [${minval}, ${maxval}). Widen the range.`,
    );
  }
  const range = maxval - minval;
  const integers: Transform = (values, words) => {
    for (let i = 0; i < values.length; i++) values[i] = minval + (words[i] % range);
  };
  draw(out, WORDS_PER_BLOCK, integers, seeds, startBlock);
}

/** Makes values from the words of consecutive blocks: `values.length` is a whole number of blocks' worth. */
type Transform = (values: Float64Array, words: Uint32Array) => void;

/** How floating-point values of one dtype are made. */
interface Precision {
  readonly valuesPerBlock: number;
  readonly round: (x: number) => number;
  /** Uniform in [0, 1). */
  readonly uniforms: Transform;
  /** Mean 0, standard deviation 1. */
  readonly normals: Transform;
}

/** Below this, a uniform is too small to take the logarithm of. */
const SMALLEST_UNIFORM = 1e-7;

const float32: Precision = {
  valuesPerBlock: 4,
  round: Math.fround,
  uniforms(values, words) {
    for (let i = 0; i < values.length; i++) values[i] = uniform32(words[i]);
  },
  normals(values, words) {
    const { fround } = Math;
    const smallest = fround(SMALLEST_UNIFORM);
    for (let i = 0; i < values.length; i += 2) {
      const uniform = Math.max(uniform32(words[i]), smallest);
      const angle = fround(2 * Math.PI * uniform32(words[i + 1]));
      const radius = fround(Math.sqrt(fround(-2 * fround(Math.log(uniform)))));
      values[i] = fround(fround(Math.sin(angle)) * radius);
      values[i + 1] = fround(fround(Math.cos(angle)) * radius);
    }
  },
};

const float64: Precision = {
  valuesPerBlock: 2,
  round: (x) => x,
  uniforms(values, words) {
    for (let i = 0; i < values.length; i++) values[i] = uniform64(words[2 * i], words[2 * i + 1]);
  },
  normals(values, words) {
    for (let i = 0; i < values.length; i += 2) {
      const uniform = Math.max(uniform64(words[2 * i], words[2 * i + 1]), SMALLEST_UNIFORM);
      const angle = 2 * Math.PI * uniform64(words[2 * i + 2], words[2 * i + 3]);
      const radius = Math.sqrt(-2 * Math.log(uniform));
      values[i] = Math.sin(angle) * radius;
      values[i + 1] = Math.cos(angle) * radius;
    }
  },
};

function precisionOf(out: FloatArray): Precision {
  return out instanceof Float32Array ? float32 : float64;
}

/** A float32 uniform in [0, 1), made of 23 bits of a word. */
export function uniform32(word: number): number {
  return (word & 0x7fffff) * 2 ** -23;
}

/** A double in [0, 1) of two words, of which it keeps 52 bits. */
export function uniform64(high: number, low: number): number {
  return (high & 0xfffff) * 2 ** -20 + low * 2 ** -52;
}

/** The blocks made at a time: enough to amortise the calls, few enough to stay in the processor's cache. */
const CHUNK_BLOCKS = 256;

function draw(
  out: FloatArray | Int32Array,
  valuesPerBlock: number,
  transform: Transform,
  seeds: Seeds,
  startBlock: number,
): void {
  const blocks = Math.ceil(out.length / valuesPerBlock);
  const words = new Uint32Array(Math.min(blocks, CHUNK_BLOCKS) * WORDS_PER_BLOCK);
  const values = new Float64Array(Math.min(blocks, CHUNK_BLOCKS) * valuesPerBlock);

  for (let at = 0, block = startBlock; at < out.length; at += values.length, block += CHUNK_BLOCKS) {
    philox(words, seeds, block);
    transform(values, words);
    out.set(values.subarray(0, out.length - at), at);
  }
}

/** `out * scale + shift`, rounded after each step as two ops of the array's dtype would. */
function scaleAndShift(out: FloatArray, scale: number, shift: number): void {
  const { round } = precisionOf(out);
  const s = round(scale);
  const t = round(shift);
  for (let i = 0; i < out.length; i++) out[i] = round(out[i] * s) + t;
}
