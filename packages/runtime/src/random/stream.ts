/** The blocks of its stream that a random op sets aside for each value it draws (TensorFlow's reservation rule). */
export const BLOCKS_PER_VALUE = 256;

/**
 * The block at which a random op's next execution starts, after one that started at `startBlock` and drew `count` values.
 *
 * The rule is the same for every distribution and dtype, whatever number of blocks the values really took, so that an
 * execution's values depend on the earlier executions' sizes alone. A stream starts at block 0.
 * A stream past 2^53 blocks (35 million million values) is an error, since its position is no longer an exact number.
 */
export function advance(startBlock: number, count: number): number {
  const next = startBlock + count * BLOCKS_PER_VALUE;
  if (!Number.isSafeInteger(next)) {
    throw new RangeError(
      `random stream: expected a position below 2^53 blocks, got ${next} ` +
        `after ${count} values drawn at block ${startBlock}. Give the op another seed to start a new stream.`,
    );
  }
  return next;
}
