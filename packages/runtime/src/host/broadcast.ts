/** For each axis of a row-major tensor, how many elements lie between neighbours. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

/** Strides that read a tensor of shape `from` as if it had been broadcast to `to`: 0 along the axes that are repeated. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const strides = stridesOf(from);
  const added = to.length - from.length;
  return to.map((_, i) => (i < added || from[i - added] === 1 ? 0 : strides[i - added]));
}

/** Where each element of `shape`, in row-major order, lies in an array with these strides; `start` is where the first one lies. */
export function offsetsOf(shape: readonly number[], strides: readonly number[], start = 0): Int32Array {
  let offsets = Int32Array.of(start);
  shape.forEach((length, axis) => {
    const next = new Int32Array(offsets.length * length);
    offsets.forEach((offset, i) => {
      for (let k = 0; k < length; k++) next[i * length + k] = offset + k * strides[axis];
    });
    offsets = next;
  });
  return offsets;
}
