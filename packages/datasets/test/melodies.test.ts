import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { melodies, melodyDegrees, melodyDurations, melodyRules } from '../src/index.js';

const allKept = { keepsTime: true, followsChords: true, movesBySteps: true, endsOnTonic: true };

describe('melodies', () => {
  it('keep the rules of their grammar', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffffffff }), (seed) => {
        const [melody] = melodies(1, { seed });
        expect(melodyRules(melody)).toEqual(allKept);
        expect(melody.reduce((time, { eighths }) => time + eighths, 0)).toBe(64);
        for (const { degree, eighths } of melody) {
          expect(Number.isInteger(degree) && degree >= 0 && degree < melodyDegrees).toBe(true);
          expect(melodyDurations).toContain(eighths);
        }
      }),
    );
  });

  it('are the same for the same seed, and hardly two alike', () => {
    const made = melodies(200, { seed: 5 });
    expect(melodies(200, { seed: 5 })).toEqual(made);
    expect(new Set(made.map((melody) => JSON.stringify(melody))).size).toBe(200);
  });

  it('refuses counts that are none', () => {
    expect(() => melodies(0)).toThrow('melodies: expected a count of at least 1, got 0.');
  });
});

describe('melodyRules', () => {
  const [melody] = melodies(1);
  const change = (at: number, note: object) => melody.map((old, i) => (i === at ? { ...old, ...note } : old));

  it('sees each rule broken', () => {
    const last = melody.length - 1;
    expect(melodyRules(change(last, { eighths: 4 }))).toMatchObject({ keepsTime: false, endsOnTonic: false });
    expect(melodyRules(change(last, { degree: 1 }))).toMatchObject({ followsChords: false, endsOnTonic: false });
    expect(melodyRules(change(0, { degree: 3 }))).toMatchObject({ followsChords: false });
    const far = (melody[1].degree + 5) % melodyDegrees;
    expect(melodyRules(change(1, { degree: far }))).toMatchObject({ movesBySteps: false });
    expect(
      melodyRules([
        { degree: 0, eighths: 4 },
        { degree: 0, eighths: 8 },
      ]),
    ).toMatchObject({ keepsTime: false });
    expect(melodyRules(melody.slice(0, -1))).toMatchObject({ keepsTime: false });
    expect(melodyRules([])).toMatchObject({ keepsTime: false, endsOnTonic: false });
  });
});
