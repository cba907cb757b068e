import { gradients } from '@tensorloom/autodiff';
import { constant, ones, placeholder, resetDefaultGraph, setRandomSeed } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { beforeEach, expect, test } from 'vitest';
import { run } from './support.js';

beforeEach(() => resetDefaultGraph());

test.each([0.1, 0.5, 0.9])('keeps a part of %d, divided by it', (keepProb) => {
  const [y] = run([nn.dropout(ones([100, 100]), { keepProb, seed: 1 })]);
  const kept = y.filter((v) => v !== 0);
  expect(Math.abs(kept.length / 1e4 - keepProb)).toBeLessThan(0.02);
  kept.forEach((v) => expect(v).toBeCloseTo(1 / keepProb, 4));
});

test('keeps where the uniform number of its seeds is at least 1 - keepProb', () => {
  setRandomSeed(42);
  // Seeds (42, 20) draw .7718793 .42540002 .64321935 .6893246.
  expect(run([nn.dropout([1, 2, 3, 4], { keepProb: 0.34, seed: 20 })])[0].map((v) => v !== 0)).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

test('a mask with axes of length 1 drops whole rows; what is dropped may be NaN', () => {
  const x = constant(Array.from({ length: 50 }, () => [1, NaN]));
  const [y] = run([nn.dropout(x, { keepProb: 0.5, noiseShape: [50, 1], seed: 3 })]);
  for (let i = 0; i < 100; i += 2) expect(y[i] === 0 ? y[i + 1] : Number.isNaN(y[i + 1])).toBe(y[i] === 0 ? 0 : true);
});

test('1 returns x itself; a fed 1 keeps all', () => {
  const x = ones([3]);
  expect(nn.dropout(x, { keepProb: 1 })).toBe(x);
  const keepProb = placeholder('float32', []);
  expect(run([nn.dropout(x, { keepProb })], [[keepProb, 1]])).toEqual([[1, 1, 1]]);
});

test('the gradient has the mask', () => {
  const x = ones([200]);
  const y = nn.dropout(x, { keepProb: 0.5, seed: 1 });
  const [dx] = gradients(y, [x]);
  if (dx === null) throw new Error('no gradient');
  const [there, back] = run([y, dx]);
  expect(back).toEqual(there);
});

test('errors', () => {
  expect(() => nn.dropout([1], { keepProb: 0 })).toThrow(/^dropout: expected keepProb in \(0, 1\], got 0/);
  expect(() => nn.dropout(constant([1], { dtype: 'int32' }), { keepProb: 0.5 })).toThrow(
    /^dropout: expected floating elements/,
  );
});

test('rate is 1 - keepProb; axes of the mask that are left open are as long as those of x', () => {
  const x = placeholder('float32', [null, 50]);
  const feeds = [[x, Array.from({ length: 3 }, () => new Array<number>(50).fill(1))]] as const;
  const [byRate, byKeepProb, columns, rows] = run(
    [
      nn.dropout(x, { rate: 0.25, seed: 5 }),
      nn.dropout(x, { keepProb: 0.75, seed: 5 }),
      nn.dropout(x, { rate: 0.5, seed: 5, noiseShape: [1, null] }),
      nn.dropout(x, { rate: 0.5, seed: 6, noiseShape: [null, 1] }),
    ],
    feeds,
  );
  expect(byRate).toEqual(byKeepProb);
  expect(new Set(byRate)).toEqual(new Set([0, Math.fround(4 / 3)]));
  expect(columns.slice(50, 100)).toEqual(columns.slice(0, 50));
  expect(new Set(columns).size).toBe(2);
  for (let i = 0; i < 3; i++) expect(new Set(rows.slice(50 * i, 50 * i + 50)).size).toBe(1);
});

test('either keepProb or rate', () => {
  const x = ones([3]);
  expect(nn.dropout(x, { rate: 0 })).toBe(x);
  expect(() => nn.dropout([1], {})).toThrow(/^dropout: expected either keepProb or rate/);
  expect(() => nn.dropout([1], { keepProb: 0.5, rate: 0.5 })).toThrow(/^dropout: expected either keepProb or rate/);
  expect(() => nn.dropout([1], { rate: 1 })).toThrow(/^dropout: expected rate in \[0, 1\), got 1/);
});
