import { describe, expect, it } from 'vitest';
import golden from '../../../testkit/golden/random.json' with { type: 'json' };
import { resolveSeeds } from '../../src/random/seeds.js';

describe('resolveSeeds', () => {
  it.each(golden.seeds)('agrees with TensorFlow on ($graphSeed, $opSeed)', ({ graphSeed, opSeed, resolved }) => {
    const [graph, op] = resolved;
    expect(resolveSeeds(graphSeed ?? undefined, opSeed, 3)).toEqual({ key: [graph, 0], counter: [op, 0] });
  });

  it("takes the op's index when there is a graph seed alone", () => {
    expect(resolveSeeds(42, undefined, 17)).toEqual({ key: [42, 0], counter: [17, 0] });
    expect(resolveSeeds(0, undefined, 0)).toEqual({ key: [0, 0], counter: [2 ** 31 - 1, 0] });
  });

  it('is nondeterministic without any seed', () => {
    const drawn = Array.from({ length: 8 }, () => JSON.stringify(resolveSeeds(undefined, undefined, 0)));
    expect(new Set(drawn).size).toBe(8);
    const { key, counter } = resolveSeeds(undefined, undefined, 0);
    for (const word of [...key, ...counter]) expect(word).toBe(word >>> 0);
  });

  it('refuses seeds that are not integers', () => {
    expect(() => resolveSeeds(0.5, 1, 0)).toThrow(/expected the graph seed to be a safe integer, got 0\.5/);
    expect(() => resolveSeeds(1, NaN, 0)).toThrow(/expected the op seed to be a safe integer, got NaN/);
  });
});
