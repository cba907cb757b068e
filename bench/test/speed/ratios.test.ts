import { expect, test } from 'vitest';
import { ON_OTHER, OURS, type Outcome, isMet, ratiosOf } from '../../src/speed/ratios.js';

const outcome = (contender: string, threads: number, median: number, memory: number): Outcome => ({
  contender,
  threads,
  memory,
  time: { median, low: median, high: median },
  steps: 60,
  first: 100,
  versions: {},
});

test('both have the number of threads that is best for them', () => {
  const outcomes = [
    outcome(OURS, 1, 12, 80),
    outcome(OURS, 2, 8, 100),
    outcome('tensorflow', 1, 10, 400),
    outcome('tensorflow', 2, 16, 600),
  ];
  expect(ratiosOf('A', outcomes)).toEqual({
    time: [{ to: 'tensorflow', ratio: 0.8, target: 1 }],
    memory: [{ to: 'tensorflow', ratio: 0.25, target: 0.5 }],
  });
});

test('ours on another Node is measured by ours on this one', () => {
  const { time, memory } = ratiosOf('B', [outcome(OURS, 1, 8, 80), outcome(ON_OTHER, 1, 12, 80)]);
  expect(time).toEqual([{ to: ON_OTHER, ratio: 1.5, target: 1.25 }]);
  expect(memory).toEqual([]);
});

test('no ratio to what did not take part, and no target where none is wanted', () => {
  expect(ratiosOf('A', [outcome('tensorflow', 1, 10, 400)])).toEqual({ time: [], memory: [] });
  const { time } = ratiosOf('F', [outcome(OURS, 1, 8, 80), outcome('jax', 1, 4, 80)]);
  expect(time).toEqual([{ to: 'jax', ratio: 2, target: undefined }]);
  expect(time.map(isMet)).toEqual([undefined]);
});

test('a ratio is met up to its target', () => {
  expect([0.9, 1, 1.1].map((ratio) => isMet({ to: 'jax', ratio, target: 1 }))).toEqual([true, true, false]);
});
