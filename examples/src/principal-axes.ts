const iterations = 200;

/**
 * The coordinates of points along the directions in which they vary most: [points][axes], the mean in the origin.
 * By power iteration on the covariance, each axis after those before it are taken out.
 */
export function principalAxes(points: readonly (readonly number[])[], axes = 2): number[][] {
  const depth = points[0]?.length ?? 0;
  const mean = Array.from({ length: depth }, (_, i) => points.reduce((sum, p) => sum + p[i], 0) / points.length);
  let rest = points.map((p) => p.map((value, i) => value - mean[i]));
  const coordinates: number[][] = points.map(() => []);
  for (let axis = 0; axis < axes; axis++) {
    let direction: number[] = Array.from({ length: depth }, (_, i) => (i % axes === axis ? 1 : 0.5));
    for (let i = 0; i < iterations; i++) {
      const along = rest.map((p) => dot(p, direction));
      const next = direction.map((_, d) => rest.reduce((sum, p, row) => sum + p[d] * along[row], 0));
      const length = Math.sqrt(dot(next, next));
      if (length === 0) break;
      direction = next.map((value) => value / length);
    }
    const along = rest.map((p) => dot(p, direction));
    rest = rest.map((p, row) => p.map((value, d) => value - along[row] * direction[d]));
    along.forEach((value, row) => coordinates[row].push(value));
  }
  return coordinates;
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
