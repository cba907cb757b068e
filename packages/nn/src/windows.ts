import {
  type Tensor,
  add,
  dimOf,
  fill,
  floordiv,
  isTensor,
  maximum,
  mul,
  pad,
  refuse,
  showSpec,
  stack,
  stridedSlice,
  sub,
  toInts,
  where,
} from '@tensorloom/graph';

/** How the ends of an axis are treated: 'SAME' pads so that there is a window for every stride, 'VALID' takes whole windows only. */
export type Padding = 'SAME' | 'VALID';

/** A length that is known now, or an int32 scalar. */
export type Length = number | Tensor;

const calculate =
  (now: (a: number, b: number) => number, later: (a: Length, b: Length) => Tensor) =>
  (a: Length, b: Length): Length =>
    isTensor(a) || isTensor(b) ? later(a, b) : now(a, b);

const plus = calculate((a, b) => a + b, add);
const minus = calculate((a, b) => a - b, sub);
const times = calculate((a, b) => a * b, mul);
const over = calculate((a, b) => Math.floor(a / b), floordiv);
const atLeast = calculate(Math.max, maximum);

/** Lengths as an operand: plain integers where all are known. */
export const vector = (lengths: readonly Length[]): number[] | Tensor => {
  const known = lengths.flatMap((n) => (isTensor(n) ? [] : [n]));
  return known.length === lengths.length ? known : stack(lengths.map((n) => toInts(n, 'windows')));
};

/** How windows slide. */
export interface WindowOptions {
  /** Length of the window along each spatial axis. */
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  /** Distance of neighbouring elements of a window, along each spatial axis. */
  readonly dilations: readonly number[];
}

/** The windows that slide over x [batch, ...spatial, channels]. */
export interface Windows {
  /** How many there are along each spatial axis. */
  readonly counts: readonly Length[];
  /** For each position in the window, in row-major order, the elements there of all windows: [batch, ...counts, channels]. */
  readonly elements: readonly Tensor[];
}

/** Slides a window over the spatial axes of x, whose padding is `padValue`. Throws a `GraphError`, in the name of `op`, when it does not fit. */
export function windowsOf(op: string, x: Tensor, options: WindowOptions, padValue = 0): Windows {
  const { size, strides, padding, dilations } = options;
  const rank = size.length;
  if (padding !== 'SAME' && padding !== 'VALID')
    return refuse(op, `expected padding 'SAME' or 'VALID', got '${String(padding)}'.`, [x]);
  if (x.shape?.length !== rank + 2)
    return refuse(op, `expected ${rank + 2} axes [batch, ...spatial, channels], got ${showSpec(x.spec)}. Reshape it.`, [
      x,
    ]);
  const lengths = size.map((_, i): Length => x.shape?.[i + 1] ?? dimOf(x, i + 1));
  const reach = size.map((n, i) => (n - 1) * dilations[i] + 1);
  const counts = lengths.map((n, i) =>
    over(padding === 'SAME' ? plus(n, strides[i] - 1) : atLeast(plus(minus(n, reach[i]), strides[i]), 0), strides[i]),
  );
  const short = lengths.findIndex((n, i) => !isTensor(n) && n < reach[i]);
  if (short >= 0 && padding === 'VALID') {
    return refuse(
      op,
      `a window of length ${reach[short]} does not fit axis ${short + 1} of ${showSpec(x.spec)}. Use padding 'SAME'.`,
      [x],
    );
  }
  const padded = padding === 'VALID' ? x : padSame(x, lengths, counts, { reach, strides, padValue });
  const whole = 1 | (1 << (rank + 1));
  const elements = positionsIn(size).map((position) => {
    const begin = position.map((p, i) => p * dilations[i]);
    return stridedSlice(
      padded,
      [0, ...begin, 0],
      vector([0, ...begin.map((b, i) => plus(b, times(counts[i], strides[i]))), 0]),
      [1, ...strides, 1],
      { beginMask: whole, endMask: whole },
    );
  });
  return { counts, elements };
}

/** All positions in a window, in row-major order. */
const positionsIn = (size: readonly number[]): number[][] =>
  size.reduce<number[][]>((all, n) => all.flatMap((p) => Array.from({ length: n }, (_, i) => [...p, i])), [[]]);

/** x padded as much as the windows reach over its ends, half on each side, the odd one after. */
function padSame(
  x: Tensor,
  lengths: readonly Length[],
  counts: readonly Length[],
  { reach, strides, padValue }: { reach: readonly number[]; strides: readonly number[]; padValue: number },
): Tensor {
  const sides = lengths.map((n, i): readonly [Length, Length] => {
    const total = atLeast(minus(plus(times(minus(counts[i], 1), strides[i]), reach[i]), n), 0);
    const before = over(total, 2);
    return [before, minus(total, before)];
  });
  if (sides.flat().every((n) => n === 0)) return x;
  const rows = [[0, 0], ...sides, [0, 0]].map(vector);
  const paddings = rows.some(isTensor)
    ? stack(rows.map((row) => toInts(row, 'windows')))
    : toInts(
        rows.map((r) => [...(isTensor(r) ? [] : r)]),
        'windows',
      );
  const zeros = pad(x, paddings);
  return padValue === 0 ? zeros : where(pad(fill(vector([1, ...lengths, 1]), true), paddings), zeros, padValue);
}
