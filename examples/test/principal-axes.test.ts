import { describe, expect, it } from 'vitest';
import { principalAxes } from '../src/principal-axes.js';

describe('principalAxes', () => {
  it('finds a plane in space: distances between points stay what they are', () => {
    // The plane of (1, 2, 2) / 3 and (2, 1, -2) / 3, away from the origin.
    const flat = [
      [3, 0],
      [-4, 1],
      [7, 2],
      [-6, -3],
    ];
    const points = flat.map(([u, v]) => [5 + (u + 2 * v) / 3, 1 + (2 * u + v) / 3, (2 * u - 2 * v) / 3]);
    const found = principalAxes(points);
    const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((value, i) => value - b[i]));
    points.forEach((a, i) => {
      points.forEach((b, j) => expect(distance(found[i], found[j])).toBeCloseTo(distance(a, b), 6));
    });
    const spread = (axis: number) => found.reduce((sum, p) => sum + p[axis] ** 2, 0);
    expect(spread(0)).toBeGreaterThan(spread(1));
  });

  it('puts equal points in the origin', () => {
    expect(
      principalAxes([
        [1, 2],
        [1, 2],
      ]),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});
