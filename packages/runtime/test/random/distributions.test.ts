import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from '../../../testkit/golden/random.json' with { type: 'json' };
import {
  fillNormal,
  fillTruncatedNormal,
  fillUniform,
  fillUniformInt,
  type FloatArray,
} from '../../src/random/distributions.js';
import type { Seeds } from '../../src/random/philox.js';
import { resolveSeeds } from '../../src/random/seeds.js';
import { advance } from '../../src/random/stream.js';

type Fill = (out: FloatArray, seeds: Seeds, startBlock: number, a: number, b: number) => void;
const fills: Record<string, Fill> = {
  uniform: fillUniform,
  normal: fillNormal,
  truncatedNormal: fillTruncatedNormal,
};

const word = fc.nat(0xffff_ffff);
const seedsArbitrary: fc.Arbitrary<Seeds> = fc.record({ key: fc.tuple(word, word), counter: fc.tuple(word, word) });
const startBlocks = fc.nat(2 ** 40);

/** How far from TensorFlow's a normal may be: where its logarithm or sine rounds otherwise. */
const tolerance: Record<string, number> = { float32: 1e-6, float64: 1e-14 };

describe('known answers', () => {
  const seeds = (op: number): Seeds => ({ key: [42, 0], counter: [op, 0] });
  const close = (actual: Float32Array, expected: number[]): void => {
    expected.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThan(1e-6));
  };

  it('fillUniform', () => {
    const out = new Float32Array(4);
    fillUniform(out, seeds(20), 0, 0, 1);
    expect(out).toEqual(new Float32Array([0.7718793, 0.42540002, 0.64321935, 0.6893246]));
  });

  it('fillNormal', () => {
    const out = new Float32Array(5);
    fillNormal(out, seeds(5), 0, 0, 1);
    close(out, [1.080044, -2.4731927, -1.5754303, -0.4000517, 0.44604534]);
  });

  it('fillNormal of a uniform that is zero, whose logarithm is not finite', () => {
    const out = new Float32Array(4);
    fillNormal(out, seeds(5), 739336, 0, 1);
    close(out, [0.71620584, -0.7664431, -5.659688, 0.4517984]);
  });

  it('fillTruncatedNormal', () => {
    const out = new Float32Array(10);
    fillTruncatedNormal(out, seeds(7), 0, 0, 1);
    close(
      out,
      [
        -0.45274156, -0.30040753, -0.07882862, 0.11306749, -1.4650041, 1.0752621, 0.9512688, 0.40139708, 1.0589501,
        0.6612831,
      ],
    );
  });

  it('fillUniformInt', () => {
    const out = new Int32Array(8);
    fillUniformInt(out, seeds(7), 0, 0, 100);
    expect([...out]).toEqual([76, 88, 29, 23, 32, 58, 97, 69]);
  });
});

describe("TensorFlow's first, second and third run of a session", () => {
  it.each(golden.cases)(
    '$op, $dtype, $args, seeds ($graphSeed, $opSeed), $size values',
    ({ op, dtype, args, graphSeed, opSeed, size, stride, runs }) => {
      const seeds = resolveSeeds(graphSeed ?? undefined, opSeed, 0);
      const [a, b] = args;
      let block = 0;
      for (const run of runs) {
        if (dtype === 'int32') {
          const out = new Int32Array(size);
          fillUniformInt(out, seeds, block, a, b);
          expect([...out].filter((_, i) => i % stride === 0)).toEqual(run);
        } else {
          const out = dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
          fills[op](out, seeds, block, a, b);
          const round = dtype === 'float32' ? Math.fround : Number;
          const kept = [...out].filter((_, i) => i % stride === 0);
          if (op === 'uniform') {
            expect(kept).toEqual(run.map(round));
          } else {
            expect(kept.length).toBe(run.length);
            kept.forEach((value, i) => expect(Math.abs(value - run[i])).toBeLessThan(tolerance[dtype]));
          }
        }
        block = advance(block, size);
      }
    },
  );
});

describe.each([
  ['float32', (size: number) => new Float32Array(size)],
  ['float64', (size: number) => new Float64Array(size)],
])('%s', (_dtype, zeros) => {
  it.each(Object.entries(fills))('%s: a shorter draw is the beginning of a longer one', (_name, fill) => {
    fc.assert(
      fc.property(seedsArbitrary, startBlocks, fc.nat(2600), fc.nat(2600), (seeds, start, m, n) => {
        const [long, short] = [zeros(Math.max(m, n)), zeros(Math.min(m, n))];
        fill(long, seeds, start, 0.25, 1.5);
        fill(short, seeds, start, 0.25, 1.5);
        expect(long.subarray(0, short.length)).toEqual(short);
      }),
      { numRuns: 30 },
    );
  });

  it('uniform values lie between the bounds, and below 1 in the unit interval', () => {
    fc.assert(
      fc.property(seedsArbitrary, startBlocks, fc.integer({ min: -8, max: 7 }), (seeds, start, minval) => {
        const out = zeros(500);
        fillUniform(out, seeds, start, minval, 8);
        expect(out.every((x) => x >= minval && x <= 8)).toBe(true);
        fillUniform(out, seeds, start, 0, 1);
        expect(out.every((x) => x >= 0 && x < 1)).toBe(true);
      }),
    );
  });

  it('truncated normals lie less than two standard deviations from the mean, the others do not all', () => {
    const [truncated, normal] = [zeros(2000), zeros(2000)];
    const seeds: Seeds = { key: [1, 0], counter: [2, 0] };
    fillTruncatedNormal(truncated, seeds, 0, 0, 1);
    fillNormal(normal, seeds, 0, 0, 1);
    expect(truncated.every((x) => Math.abs(x) < 2)).toBe(true);
    expect(normal.some((x) => Math.abs(x) >= 2)).toBe(true);
  });

  it('the group of truncated normals after a rejection starts where it always does', () => {
    const perGroup = zeros(0) instanceof Float32Array ? 4 : 2;
    fc.assert(
      fc.property(seedsArbitrary, startBlocks, fc.nat(200), (seeds, start, group) => {
        const [all, one] = [zeros((group + 1) * perGroup), zeros(perGroup)];
        fillTruncatedNormal(all, seeds, start, 0, 1);
        fillTruncatedNormal(one, seeds, start + group * perGroup * 64, 0, 1);
        expect(all.subarray(group * perGroup)).toEqual(one);
      }),
    );
  });
});

describe('fillUniformInt', () => {
  const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

  it('draws integers in [minval, maxval), up to the whole range of int32', () => {
    fc.assert(
      fc.property(
        seedsArbitrary,
        startBlocks,
        fc.uniqueArray(int32, { minLength: 2, maxLength: 2 }),
        (seeds, start, ends) => {
          const [minval, maxval] = [Math.min(...ends), Math.max(...ends)];
          const out = new Int32Array(50);
          fillUniformInt(out, seeds, start, minval, maxval);
          expect(out.every((x) => x >= minval && x < maxval)).toBe(true);
        },
      ),
    );
  });

  it.each([
    [5, 5],
    [6, 5],
    [0.5, 5],
    [0, 2 ** 31],
  ])('refuses the bounds [%d, %d)', (minval, maxval) => {
    const seeds: Seeds = { key: [1, 0], counter: [2, 0] };
    expect(() => fillUniformInt(new Int32Array(1), seeds, 0, minval, maxval)).toThrow(
      `expected int32 bounds with minval < maxval, got [${minval}, ${maxval})`,
    );
  });
});
