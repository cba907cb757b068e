import {
  type Tensor,
  type TensorLike,
  assert,
  compatible,
  controlDependencies,
  dimOf,
  equal,
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
 * Lengths of the sequences of a batch: int32 [batch], each from 0 to the number of steps. Wrong types and sizes are errors now, where
 * they are known, wrong values when it runs. `batch` is the number of sequences; messages call the lengths `what`.
 */
export function checkedLengths(
  sequenceLength: TensorLike,
  steps: Tensor,
  batch: Tensor,
  fn: string,
  what = 'sequenceLength',
): Tensor {
  const lengths = toTensor(sequenceLength, 'int32', `${fn}: ${what}`);
  const [rows = null] = batch.value ?? [];
  if (lengths.dtype !== 'int32' || !compatible(lengths.shape, [rows])) {
    throw new TypeError(
      `${fn}: expected ${what} to be int32 [${rows ?? 'batch'}], got ${showSpec(lengths.spec)}. Give one length for each sequence.`,
    );
  }
  return nameScope('check_lengths', () => {
    const count = assert(
      equal(dimOf(lengths, 0), batch),
      `${fn}: ${what} must have one length for each sequence. Sequences, then lengths:`,
      [batch, lengths],
    );
    const valid = logicalAnd(greaterEqual(lengths, 0), lessEqual(lengths, steps));
    const check = assert(valid, `${fn}: ${what} must be between 0 and the number of steps. Steps, then lengths:`, [
      steps,
      lengths,
    ]);
    return controlDependencies([count, check], () => identity(lengths, { name: 'sequence_length' }));
  });
}

/** Per row of a batch: `now` where `time` is within the row's length, else `past`. A scalar has no rows and is always `now`, as in TensorFlow. */
export const withinLength = (time: TensorLike, lengths: Tensor, now: Tensor, past: Tensor): Tensor =>
  now.shape?.length === 0 ? now : where(lengths.greater(time), now, past);

/** An output: zeros past a row's length. */
export const outputWithin = (time: TensorLike, lengths: Tensor, output: Tensor): Tensor =>
  withinLength(time, lengths, output, zerosLike(output));
