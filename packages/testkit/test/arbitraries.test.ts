import { type DType, broadcastShapes, compatible, sizeOf } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  axesOf,
  axisOf,
  broadcastableShapes,
  elements,
  ndarrays,
  shapes,
  shapesBroadcastingTo,
} from '../src/arbitraries.js';

/** The arbitrary gives something of which `holds` is true, soon enough to rely on. */
const gives = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean): boolean =>
  fc.sample(arbitrary, { numRuns: 300, seed: 7 }).some(holds);

describe('shapes', () => {
  it('stay within their bounds and reach them', () => {
    const bounded = shapes({ minRank: 1, maxRank: 3, minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(bounded, (s) => {
        expect(s.length).toBeGreaterThanOrEqual(1);
        expect(s.length).toBeLessThanOrEqual(3);
        s.forEach((d) => expect([2, 3, 4]).toContain(d));
      }),
    );
    for (const rank of [0, 1, 2, 3, 4]) expect(gives(shapes(), (s) => s.length === rank)).toBe(true);
    for (const length of [0, 1, 5]) expect(gives(shapes(), (s) => s.includes(length))).toBe(true);
  });

  it('are mostly not empty', () => {
    const drawn = fc.sample(shapes(), { numRuns: 400, seed: 7 });
    const empty = drawn.filter((s) => sizeOf(s) === 0).length;
    expect(empty).toBeGreaterThan(10);
    expect(empty).toBeLessThan(150);
  });
});

describe('broadcastableShapes', () => {
  it('broadcast together', () => {
    fc.assert(
      fc.property(broadcastableShapes(3), ([a, b, c]) => {
        const two = broadcastShapes(a, b);
        expect(two).not.toBeNull();
        expect(two !== null && broadcastShapes(two, c)).toBeTruthy();
      }),
    );
    expect(gives(broadcastableShapes(2), ([a, b]) => a.length < b.length && sizeOf(b) > 1)).toBe(true);
    expect(
      gives(broadcastableShapes(2), ([a, b]) => a.some((d, i) => d === 1 && b[i] > 1 && a.length === b.length)),
    ).toBe(true);
  });

  it('come from shapes that broadcast to one', () => {
    const pairs = shapes().chain((to) => shapesBroadcastingTo(to).map((from) => ({ from, to })));
    fc.assert(fc.property(pairs, ({ from, to }) => compatible(broadcastShapes(from, to) ?? undefined, to)));
  });
});

describe('axisOf and axesOf', () => {
  it('are axes of the rank, ascending and without repeats', () => {
    fc.assert(fc.property(axisOf(3), (axis) => [0, 1, 2].includes(axis)));
    fc.assert(
      fc.property(axesOf(4), (axes) => {
        expect(axes).toEqual([...new Set(axes)].filter((a) => a >= 0 && a < 4).sort());
      }),
    );
    expect(gives(axesOf(3), (axes) => axes.length === 0)).toBe(true);
    expect(gives(axesOf(3), (axes) => axes.length === 3)).toBe(true);
  });
});

describe('elements', () => {
  const dtypes: DType[] = ['float32', 'float64', 'int32', 'bool'];

  it('are of the dtype: storing them changes nothing', () => {
    for (const dtype of dtypes) {
      fc.assert(
        fc.property(ndarrays(dtype, [3]), elements(dtype), (x, v) => {
          expect(x.dtype).toBe(dtype);
          if (dtype === 'float32') expect(Math.fround(v)).toBe(v);
          if (dtype === 'int32') expect(v | 0).toBe(v);
          if (dtype === 'bool') expect([0, 1]).toContain(v);
        }),
      );
    }
  });

  it('keep away from what they are told to', () => {
    fc.assert(
      fc.property(elements('float64', { min: -1, max: 1, awayFrom: [0, 0.3] }), (v) => {
        expect(Math.abs(v)).toBeGreaterThanOrEqual(1e-3);
        expect(Math.abs(v - 0.3)).toBeGreaterThanOrEqual(1e-3);
        expect(Math.abs(v)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('have special numbers only on request', () => {
    fc.assert(fc.property(elements('float32'), (v) => Math.abs(v) <= 3));
    const special = elements('float32', { specials: true });
    expect(gives(special, Number.isNaN)).toBe(true);
    expect(gives(special, (v) => v === -Infinity)).toBe(true);
    expect(gives(special, (v) => Object.is(v, -0))).toBe(true);
    expect(gives(special, (v) => v !== 0 && Math.abs(v) < 2 ** -126)).toBe(true);
    expect(gives(elements('int32', { specials: true }), (v) => v === -(2 ** 31))).toBe(true);
  });
});

describe('ndarrays', () => {
  it('are of the shape, without ties on request', () => {
    const drawn = shapes().chain((s) => ndarrays('float64', s, { distinct: true }));
    fc.assert(
      fc.property(drawn, (x) => {
        expect(x.data.length).toBe(sizeOf(x.shape));
        const sorted = Float64Array.from(x.data).sort();
        sorted.slice(1).forEach((v, i) => expect(v - sorted[i]).toBeGreaterThan(1e-3));
      }),
    );
  });
});
