import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../../src/random/stream.js';

describe('advance', () => {
  it('sets 256 blocks aside for each value drawn', () => {
    expect(advance(0, 0)).toBe(0);
    expect(advance(0, 10)).toBe(2560);
    expect(advance(2560, 7)).toBe(4352);
  });

  it('depends on how many values were drawn in all, not on how they were split into executions', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.nat(1e6), fc.nat(1e6), (start, m, n) => {
        expect(advance(advance(start, m), n)).toBe(advance(start, m + n));
      }),
    );
  });

  it('refuses a position that is no longer exact', () => {
    expect(advance(2 ** 53 - 512, 1)).toBe(2 ** 53 - 256);
    expect(() => advance(2 ** 53 - 256, 1)).toThrow(/below 2\^53 blocks, got 9007199254740992 after 1 values/);
  });
});
