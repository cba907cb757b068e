import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MersenneTwister } from '../src/mersenne-twister.js';

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);
const upTo = (length: number): Uint32Array => Uint32Array.from({ length }, (_, i) => i);

describe('MersenneTwister', () => {
  it('gives the word the C++ standard asks of std::mt19937: its 10,000th', () => {
    const random = new MersenneTwister(5489);
    expect(draw(10_000, () => random.uint32()).at(-1)).toBe(4123659995);
  });

  it('gives the words and uniforms of NumPy for a seed', () => {
    const words = new MersenneTwister(42);
    expect(draw(3, () => words.uint32())).toEqual([1608637542, 3421126067, 4083286876]);
    const uniforms = new MersenneTwister(42);
    expect(draw(3, () => uniforms.uniform())).toEqual([0.3745401188473625, 0.9507143064099162, 0.7319939418114051]);
    const last = new MersenneTwister(2 ** 32 - 1);
    expect(draw(2, () => last.uniform())).toEqual([0.0976320289940138, 0.9123828453026218]);
  });

  it('shuffles as NumPy does', () => {
    const random = new MersenneTwister(42);
    const values = upTo(10);
    random.shuffle(values);
    expect(Array.from(values)).toEqual([8, 1, 5, 0, 7, 2, 9, 4, 3, 6]);

    const other = new MersenneTwister(7);
    const thousand = upTo(1000);
    other.shuffle(thousand);
    expect(Array.from(thousand.subarray(0, 8))).toEqual([778, 334, 271, 802, 216, 408, 812, 94]);
    expect(other.uniform()).toBe(0.6387323162306459);
  });

  it('gives the integers of NumPy: randint(10), and 0 without a draw where there is no choice', () => {
    const random = new MersenneTwister(42);
    expect(draw(8, () => random.upTo(9))).toEqual([6, 3, 7, 4, 6, 9, 2, 6]);
    const other = new MersenneTwister(42);
    expect(other.upTo(0)).toBe(0);
    expect(other.uint32()).toBe(1608637542);
  });

  it('keeps every value when it shuffles', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffffffff }), fc.nat({ max: 300 }), (seed, length) => {
        const values = upTo(length);
        new MersenneTwister(seed).shuffle(values);
        expect(Array.from(values).sort((a, b) => a - b)).toEqual(Array.from(upTo(length)));
      }),
    );
  });

  it('refuses what is not a seed', () => {
    for (const seed of [-1, 2 ** 32, 0.5, Number.NaN]) {
      expect(() => new MersenneTwister(seed)).toThrow(
        new RangeError(`seed: expected an integer from 0 to 4294967295, got ${seed}.`),
      );
    }
  });
});
