import { NDArray } from 'tensorloom';
import { describe, expect, it } from 'vitest';
import { beamSearch, type Scorer } from '../src/beam-search.js';

// Symbols 0 and 1, and 2, which begins and ends. What follows depends on all symbols so far, which rows remember.
const symbols = 3;
const options = { start: 2, end: 2, maxLength: 4 };
const probabilitiesAfter = (source: number, before: readonly number[]): number[] => {
  const key = before.reduce((sum, symbol) => 3 * sum + symbol + 1, source + 1);
  const weights = [0, 1, 2].map((symbol) => 0.05 + Math.abs(Math.sin(12.9898 * (key + 7 * symbol))));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
};

function scorer(width: number): Scorer {
  let memory: number[][] = [];
  return async (last, parents) => {
    memory = last.map((symbol, row) => [...(memory[parents[row]] ?? []), symbol]);
    const scores = memory.flatMap((seen, row) =>
      probabilitiesAfter(Math.floor(row / width), seen.slice(1)).map(Math.log),
    );
    return new NDArray('float32', [last.length, symbols], Float32Array.from(scores));
  };
}

/** The likeliest of all sequences: ended, or as long as they may be. */
function likeliest(
  source: number,
  before: readonly number[] = [],
  logProbability = 0,
): { symbols: readonly number[]; logProbability: number } {
  if (before.length === options.maxLength) return { symbols: before, logProbability };
  const ways = probabilitiesAfter(source, before).map((p, symbol) =>
    symbol === options.end
      ? { symbols: before, logProbability: logProbability + Math.log(p) }
      : likeliest(source, [...before, symbol], logProbability + Math.log(p)),
  );
  return ways.reduce((best, way) => (way.logProbability > best.logProbability ? way : best));
}

describe('beamSearch', () => {
  it('with beams for all sequences, finds the likeliest', async () => {
    const width = 81;
    const found = await beamSearch({ sources: 5, width, ...options }, scorer(width));
    found.forEach(([best], source) => {
      const expected = likeliest(source);
      expect(best.symbols).toEqual(expected.symbols);
      expect(best.logProbability).toBeCloseTo(expected.logProbability, 5);
    });
  });

  it('of width 1 takes the likeliest symbol at each step', async () => {
    const found = await beamSearch({ sources: 5, width: 1, ...options }, scorer(1));
    found.forEach(([{ symbols: taken }], source) => {
      const expected: number[] = [];
      while (expected.length < options.maxLength) {
        const p = probabilitiesAfter(source, expected);
        const best = p.indexOf(Math.max(...p));
        if (best === options.end) break;
        expected.push(best);
      }
      expect(taken).toEqual(expected);
    });
  });

  it('gives the best first, and a wider beam finds nothing worse here', async () => {
    const [one, three] = await Promise.all(
      [1, 3].map((width) => beamSearch({ sources: 5, width, ...options }, scorer(width))),
    );
    three.forEach((hypotheses, source) => {
      const scores = hypotheses.map(({ logProbability }) => logProbability);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(scores[0]).toBeGreaterThanOrEqual(one[source][0].logProbability - 1e-6);
    });
  });
});
