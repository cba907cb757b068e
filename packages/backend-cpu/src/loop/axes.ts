/** An axis that several tensors are walked along together: its length, and the bytes from one index to the next in each. */
export interface Axis {
  readonly length: number;
  readonly strides: readonly number[];
}

/** Axes with those that all tensors walk as if they were one made one, and those of length 1 left out. `strides` has a row for each tensor. */
export function mergeAxes(lengths: readonly number[], strides: readonly (readonly number[])[]): Axis[] {
  const merged: Axis[] = [];
  for (let i = lengths.length - 1; i >= 0; i--) {
    if (lengths[i] === 1) continue;
    const [next] = merged;
    const axis = { length: lengths[i], strides: strides.map((s) => s[i]) };
    if (next !== undefined && axis.strides.every((s, k) => s === next.strides[k] * next.length)) {
      merged[0] = { length: axis.length * next.length, strides: next.strides };
    } else merged.unshift(axis);
  }
  return merged;
}

/** The strides with which a tensor of shape `from` is walked along the axes of `to`, to which it broadcasts. */
export function strideAlong(
  to: readonly number[],
  from: readonly number[],
  strides: readonly number[],
): readonly number[] {
  const missing = to.length - from.length;
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : strides[axis - missing]));
}

/** Bytes from one index to the next along each axis of a row-major tensor. */
export function rowMajor(shape: readonly number[], size: number): number[] {
  const strides = shape.map(() => size);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

/** Whether elements lie one after the other. */
export function isRowMajor(shape: readonly number[], strides: readonly number[], size: number): boolean {
  const dense = rowMajor(shape, size);
  return shape.every((d, axis) => d === 1 || strides[axis] === dense[axis]);
}
