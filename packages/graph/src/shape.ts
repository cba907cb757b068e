/** A dimension: its length, or `null` when only a run knows it. */
export type Dim = number | null;

/** A shape: its dimensions, or `undefined` when even the rank is unknown. */
export type Shape = readonly Dim[] | undefined;

/** Number of elements of a known shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Whether every dimension of `shape` is known. */
export const isKnown = (shape: Shape): shape is readonly number[] =>
  shape !== undefined && shape.every((d) => d !== null);

/** Whether the same is known of both. */
export const sameShape = (a: Shape, b: Shape): boolean =>
  a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((d, i) => d === b[i]));

/** `[2,?,3]`, or `[...]` for an unknown rank. */
export const showShape = (shape: Shape): string =>
  shape === undefined ? '[...]' : `[${shape.map((d) => d ?? '?').join(',')}]`;

/** Whether one tensor could have both shapes. */
export const compatible = (a: Shape, b: Shape): boolean =>
  a === undefined ||
  b === undefined ||
  (a.length === b.length && a.every((d, i) => d === b[i] || d === null || b[i] === null));

/** What is known when a tensor has both shapes; `null` when it cannot. */
export function mergeShapes(a: Shape, b: Shape): Shape | null {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return compatible(a, b) ? a.map((d, i) => d ?? b[i]) : null;
}

/** What is known of a tensor that has one shape or the other. */
export function relaxShapes(a: Shape, b: Shape): Shape {
  if (a === undefined || b === undefined || a.length !== b.length) return undefined;
  return a.map((d, i) => (d === b[i] ? d : null));
}

/** NumPy broadcasting over partly known shapes; `null` when they clash. */
export function broadcastShapes(a: Shape, b: Shape): Shape | null {
  if (a === undefined || b === undefined) return undefined;
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = i < rank - a.length ? 1 : a[i - rank + a.length];
    const y = i < rank - b.length ? 1 : b[i - rank + b.length];
    if (x === y || y === 1) out.push(x);
    else if (x === 1) out.push(y);
    else if (x === null || y === null) out.push(x ?? y);
    else return null;
  }
  return out;
}
