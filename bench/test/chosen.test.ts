import { afterEach, expect, test, vi } from 'vitest';
import { chosen } from '../src/chosen.js';

afterEach(() => vi.unstubAllEnvs());

test('all, where the variable is not set', () => {
  expect(chosen('BENCH_TEST_CHOICE', ['A', 'B'])).toEqual(['A', 'B']);
});

test('those that it names, as far as they take part', () => {
  vi.stubEnv('BENCH_TEST_CHOICE', 'C,A');
  expect(chosen('BENCH_TEST_CHOICE', ['A', 'B'], ['A', 'B', 'C'])).toEqual(['A']);
});

test('refuses names that nobody knows', () => {
  vi.stubEnv('BENCH_TEST_CHOICE', 'A,tensorfow');
  expect(() => chosen('BENCH_TEST_CHOICE', ['A', 'B'])).toThrow(
    new RangeError('BENCH_TEST_CHOICE: expected A, B, got tensorfow.'),
  );
});
