/**
 * The shape of a state or an output without its batch axis, where a number of units does not do: `new TensorShape([height, width,
 * channels])`. Throws when a dimension is no positive integer. TensorFlow: `tf.TensorShape`, as `RNNCell.state_size` has it.
 */
export class TensorShape {
  readonly dims: readonly number[];

  constructor(dims: readonly number[]) {
    if (!dims.every((n) => Number.isInteger(n) && n > 0))
      throw new TypeError(`TensorShape: expected positive integers, got [${dims.join(',')}]. Leave out the batch.`);
    this.dims = [...dims];
  }

  /** As in `[8,8,3]`. */
  toString(): string {
    return `[${this.dims.join(',')}]`;
  }
}

/** The size of a state or an output: a number of units, or a shape. Neither counts the batch. */
export type Size = number | TensorShape;

/** Tells sizes from structures of them. */
export const isSize = (x: unknown): x is Size => typeof x === 'number' || x instanceof TensorShape;

/** A size as the dimensions that follow the batch. */
export const dimsOf = (size: Size): readonly number[] => (typeof size === 'number' ? [size] : size.dims);
