import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handlesOf } from './support.js';

/** What a function of the prelude gives for two arguments each. */
async function call(mode: 'cpu' | 'webasm', text: string, xs: readonly number[], ys: readonly number[]) {
  const launch = {
    body: `return ${text};`,
    arrays: { xs: Float32Array.from(xs), ys: Float32Array.from(ys) },
    integers: {},
  };
  return Array.from(await (await handlesOf(mode).launch(launch, [], xs.length)).read());
}
const x = 'xs[this.thread.x]';
const y = 'ys[this.thread.x]';

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('quotients are exact up to 2^24', async () => {
    const pairs = fc.sample(fc.tuple(fc.nat(2 ** 24), fc.integer({ min: 1, max: 2 ** 20 })), { numRuns: 500, seed: 1 });
    const multiples = pairs.map(([i, n]): [number, number] => [Math.floor(i / n) * n, n]);
    for (const some of [pairs, multiples, multiples.map(([i, n]): [number, number] => [Math.max(0, i - 1), n])]) {
      const got = await call(
        mode,
        `quotient(${x}, ${y})`,
        some.map(([i]) => i),
        some.map(([, n]) => n),
      );
      expect(got).toEqual(some.map(([i, n]) => Math.floor(i / n)));
    }
  });

  test('powers of and to the ends of the range', async () => {
    const cases: [number, number, number][] = [
      [NaN, 0, 1],
      [1, NaN, 1],
      [2, NaN, NaN],
      [NaN, 1, NaN],
      [0, -1, Infinity],
      [-0, -1, -Infinity],
      [-0, -2, Infinity],
      [0, 0.5, 0],
      [-8, 3, -512],
      [-8, 2, 64],
      [-8, 0.5, NaN],
      [-1, Infinity, 1],
      [0.5, Infinity, 0],
      [0.5, -Infinity, Infinity],
      [2, -Infinity, 0],
      [-Infinity, 3, -Infinity],
      [-Infinity, -1, 0],
    ];
    const got = await call(
      mode,
      `power(${x}, ${y})`,
      cases.map(([a]) => a),
      cases.map(([, b]) => b),
    );
    // 0 and -0 are equal here.
    expect(got.map((v) => v + 0)).toEqual(cases.map(([, , c]) => c));
  });

  test('NaN precedes numbers, larger ones smaller ones, of equal ones the earlier', async () => {
    const ranks: [string, number][] = [
      ['precedes(2, 1, 1, 0)', 1],
      ['precedes(1, 0, 2, 1)', 0],
      ['precedes(1, 0, 1, 1)', 1],
      ['precedes(1, 1, 1, 0)', 0],
      [`precedes(${x}, 1, 2, 0)`, 1],
      [`precedes(2, 0, ${x}, 1)`, 0],
      [`precedes(${x}, 0, ${x}, 1)`, 1],
    ];
    for (const [text, expected] of ranks) expect(await call(mode, text, [NaN], [0])).toEqual([expected]);
  });

  test('sine and cosine of angles of any size, also near quarters of a turn', async () => {
    const angles = [0, 1, -2, 3, 1.5703125, -1.5585938, 4.712389, 100.5, -1000, 1e3, 29999, 1e6].map(Math.fround);
    const zeros = angles.map(() => 0);
    const sines = await call(mode, `sine(${x})`, angles, zeros);
    const cosines = await call(mode, `cosine(${x})`, angles, zeros);
    angles.forEach((angle, i) => {
      expect(Math.abs(sines[i] - Math.sin(angle)), `sine of ${angle}`).toBeLessThan(5e-7);
      expect(Math.abs(cosines[i] - Math.cos(angle)), `cosine of ${angle}`).toBeLessThan(5e-7);
    });
    const nothing = [NaN, Infinity, -Infinity];
    expect(await call(mode, `sine(${x})`, nothing, nothing)).toEqual([NaN, NaN, NaN]);
    expect(await call(mode, `cosine(${x})`, nothing, nothing)).toEqual([NaN, NaN, NaN]);
  });

  test('the error function is that of tables', async () => {
    const got = await call(mode, `errorFunction(${x})`, [0.25, 0.75, 1.5, 3, -3, 9], [0, 0, 0, 0, 0, 0]);
    const table = [0.2763263902, 0.7111556337, 0.9661051465, 0.9999779095, -0.9999779095, 1];
    got.forEach((value, i) => expect(value).toBeCloseTo(table[i], 6));
  });
});
