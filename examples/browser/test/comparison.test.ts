import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BackendName } from '../src/backends.js';
import {
  type Comparison,
  compareBackends,
  type ComparisonOptions,
  largestDifference,
  median,
} from '../src/comparison.js';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });

describe('largestDifference', () => {
  it('is absolute among small numbers, relative among large ones', () => {
    expect(largestDifference([0.5, 0.25], [0.5, 0])).toBe(0.25);
    expect(largestDifference([101, -3], [100, -3])).toBe(0.01);
  });

  it('is 0 of the same, and at most what one element was changed by', () => {
    fc.assert(
      fc.property(numbers, fc.nat(), fc.double({ min: 0, max: 10, noNaN: true }), (expected, at, change) => {
        expect(largestDifference(expected, expected)).toBe(0);
        const actual = expected.map((value, i) => (i === at % expected.length ? value + change : value));
        expect(largestDifference(actual, expected)).toBeLessThanOrEqual(change + 1e-9);
      }),
    );
  });

  it('is no number where one of the two is none, or their lengths differ', () => {
    expect(largestDifference([1, Number.NaN], [1, 2])).toBeNaN();
    expect(largestDifference([1], [1, 2])).toBeNaN();
  });
});

describe('median', () => {
  it('has as many numbers below as above', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
    fc.assert(
      fc.property(numbers, (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('compareBackends', () => {
  const options = (change: Partial<ComparisonOptions> = {}): ComparisonOptions => ({
    backends: ['cpu', 'gpujs-webgl2'],
    task: 'time-series',
    data: 'nowhere:',
    weights: undefined,
    signal: new AbortController().signal,
    onTurn: () => undefined,
    ...change,
  });
  const all = async (of: ComparisonOptions): Promise<Comparison[]> => {
    const found: Comparison[] = [];
    for await (const comparison of compareBackends(of)) found.push(comparison);
    return found;
  };

  it('begins with the CPU, and tells why another backend could not be compared', async () => {
    const turns: BackendName[] = [];
    const [first, second] = await all(options({ onTurn: (backend) => turns.push(backend) }));
    expect(turns).toEqual(['cpu', 'gpujs-webgl2']);
    // There are no workers of the web here.
    expect(first).toMatchObject({ kind: 'compared', backend: 'cpu', place: 'page', outputs: 0, losses: 0 });
    expect(first.kind === 'compared' && first.stepTime).toBeGreaterThan(0);
    expect(second).toMatchObject({ kind: 'failed', backend: 'gpujs-webgl2' });
    expect(second.kind === 'failed' && second.reason).toMatch(/webgl2/);
  });

  it('fails with the CPU: then there is nothing to compare with', async () => {
    await expect(all(options({ weights: [new Float32Array(3)] }))).rejects.toThrow(/expected \d variables, got 1/);
  });

  it('ends when it is told to', async () => {
    const abort = new AbortController();
    const found = await all(options({ signal: abort.signal, onTurn: () => abort.abort() }));
    expect(found).toEqual([]);
  });
});
