import {
  type Tensor,
  type TensorLike,
  assert,
  controlDependencies,
  greaterEqual,
  identity,
  lessEqual,
  logicalAnd,
  nameScope,
  showSpec,
  toTensor,
  where,
  zerosLike,
} from '@tensorloom/graph';

/**
 * Lengths of the sequences of a batch: int32 [batch], each from 0 to the number of steps. Wrong types are errors now, wrong
 * values when it runs.
 */
export function checkedLengths(sequenceLength: TensorLike, steps: Tensor, fn: string): Tensor {
  const lengths = toTensor(sequenceLength, 'int32', `${fn}: sequenceLength`);
  if (lengths.dtype !== 'int32' || (lengths.shape !== undefined && lengths.shape.length !== 1)) {
    throw new TypeError(`${fn}: expected sequenceLength to be int32 [batch], got ${showSpec(lengths.spec)}.`);
  }
  return nameScope('check_lengths', () => {
    const valid = logicalAnd(greaterEqual(lengths, 0), lessEqual(lengths, steps));
    const check = assert(
      valid,
      `${fn}: sequenceLength must be between 0 and the number of steps. Steps, then lengths:`,
      [steps, lengths],
    );
    return controlDependencies([check], () => identity(lengths, { name: 'sequence_length' }));
  });
}

/** Per row of a batch: `now` where `time` is within the row's length, else `past`. */
export const withinLength = (time: TensorLike, lengths: Tensor, now: Tensor, past: Tensor): Tensor =>
  where(lengths.greater(time), now, past);

/** An output: zeros past a row's length. */
export const outputWithin = (time: TensorLike, lengths: Tensor, output: Tensor): Tensor =>
  withinLength(time, lengths, output, zerosLike(output));
