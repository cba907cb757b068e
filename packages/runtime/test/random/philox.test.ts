import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox, type Seeds } from '../../src/random/philox.js';

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const pair = fc.tuple(word, word);
const seeds: fc.Arbitrary<Seeds> = fc.record({ key: pair, counter: pair });
const block = fc.maxSafeNat();

const draw = (seeds: Seeds, startBlock: number, length: number): number[] => {
  const words = new Uint32Array(length);
  philox(words, seeds, startBlock);
  return [...words];
};

/** The generator as the paper writes it, in whole 64-bit products. */
function paper(counter: readonly number[], key: readonly number[]): number[] {
  const mask = 0xffff_ffffn;
  let [c0, c1, c2, c3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const product0 = c0 * 0xd2511f53n;
    const product2 = c2 * 0xcd9e8d57n;
    [c0, c1, c2, c3] = [(product2 >> 32n) ^ c1 ^ k0, product2 & mask, (product0 >> 32n) ^ c3 ^ k1, product0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [c0, c1, c2, c3].map(Number);
}

describe('philox', () => {
  it.each([
    [42, 0, [0x9ceaf053, 0x77f5493b, 0x12bf50ad, 0x5742b3d7]],
    [42, 20, [0x01e2ccf1, 0x14367382, 0xa8525503, 0x06583bca]],
    [0, 0, [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
  ])('gives the known first block of seeds (%d, %d)', (key, counter, expected) => {
    expect(draw({ key: [key, 0], counter: [counter, 0] }, 0, 4)).toEqual(expected);
  });

  it('agrees with the paper, whose form here gives the known answers of Random123', () => {
    const ones = 0xffff_ffff;
    expect(paper([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    expect(paper([ones, ones, ones, ones], [ones, ones])).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
    expect(paper([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ]);

    fc.assert(
      fc.property(seeds, block, (seeds, block) => {
        const counter = [block % 2 ** 32, Math.floor(block / 2 ** 32), ...seeds.counter];
        expect(draw(seeds, block, 4)).toEqual(paper(counter, seeds.key));
      }),
    );
  });

  it('puts blocks one after another and drops the rest of the last one', () => {
    fc.assert(
      fc.property(seeds, fc.nat(2 ** 40), fc.nat(20), (seeds, start, length) => {
        const blocks = Array.from({ length: Math.ceil(length / 4) }, (_, i) => draw(seeds, start + i, 4));
        expect(draw(seeds, start, length)).toEqual(blocks.flat().slice(0, length));
      }),
    );
  });

  it('carries from the low into the high word of the block number', () => {
    const seeds: Seeds = { key: [1, 2], counter: [3, 4] };
    expect(draw(seeds, 2 ** 32 - 1, 8)).toEqual([
      ...paper([0xffff_ffff, 0, 3, 4], [1, 2]),
      ...paper([0, 1, 3, 4], [1, 2]),
    ]);
  });
});
