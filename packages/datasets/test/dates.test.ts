import { describe, expect, it } from 'vitest';
import { datePairs } from '../src/index.js';

describe('datePairs', () => {
  const pairs = datePairs(3000, { seed: 1 });

  it('writes a date in two ways: what JavaScript makes of the one is the other', () => {
    for (const { written, iso } of pairs) {
      const plain = written.replace(/(\d)(st|nd|rd|th)\b/, '$1').replace(/^the | of|,|the /g, ' ');
      const [, month, year, day] = /^ *([a-z]+) (\d{4}) +(\d+)$/.exec(plain) ?? [];
      const date = new Date(`${month === undefined ? plain : `${day} ${month} ${year}`} UTC`);
      expect(date.toISOString().slice(0, 10), written).toBe(iso);
    }
  });

  it('writes ordinals as people do', () => {
    const ordinals = new Set(datePairs(20_000).flatMap(({ written }) => /\d+(?:st|nd|rd|th)/.exec(written) ?? []));
    for (const text of ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd', '23rd', '31st']) {
      expect(ordinals).toContain(text);
    }
    expect(ordinals.size).toBe(31);
  });

  it('gives different dates, the same for the same seed', () => {
    expect(new Set(pairs.map(({ iso }) => iso)).size).toBe(3000);
    expect(datePairs(3000, { seed: 1 })).toEqual(pairs);
    expect(datePairs(3000, { seed: 2 })).not.toEqual(pairs);
  });

  it('refuses counts out of range', () => {
    expect(() => datePairs(0)).toThrow('datePairs: expected a count from 1 to 50000, got 0.');
  });
});
