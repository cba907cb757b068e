import { type Tensor, pad, refuse, slice } from '@tensorloom/graph';
import { inputDepth } from '../cell.js';

/** Windows over the frequencies of an input [batch, frequencies], in blocks. */
export interface FrequencyWindows {
  /** Length of a window. */
  readonly featureSize: number;
  /** From one window of a block to the next. */
  readonly frequencySkip: number;
  /** Number of windows of each block, which must be what fits. */
  readonly numFrequencyBlocks: readonly number[];
  /** Where the blocks begin; without it there is one block, all of the input. */
  readonly startFreqindexList?: readonly number[];
  /** Where the blocks end. */
  readonly endFreqindexList?: readonly number[];
}

/** Throws, in the name of `cell`, when the options do not fit each other. */
export function checkFrequencyWindows(cell: string, options: FrequencyWindows): void {
  const { featureSize, frequencySkip, numFrequencyBlocks, startFreqindexList, endFreqindexList } = options;
  const positive = [featureSize, frequencySkip, ...numFrequencyBlocks];
  if (!positive.every((n) => Number.isInteger(n) && n > 0)) {
    refuse(
      cell,
      `expected positive integers, got featureSize ${featureSize}, frequencySkip ${frequencySkip} and numFrequencyBlocks [${numFrequencyBlocks.join(',')}].`,
    );
  }
  const starts = startFreqindexList?.length ?? 1;
  const ends = endFreqindexList?.length ?? 1;
  if (starts !== numFrequencyBlocks.length || ends !== starts) {
    refuse(
      cell,
      `expected a start and an end for each of the ${numFrequencyBlocks.length} numFrequencyBlocks, got ${starts} and ${ends}. Pass startFreqindexList and endFreqindexList of that length.`,
    );
  }
}

/**
 * The windows of each block, [batch, featureSize] each, moved by `offset` along the frequencies: beyond the ends of the input there are
 * zeros. Throws, in the name of `cell`, when other numbers of windows fit than the options say.
 */
export function frequencyWindows(cell: string, input: Tensor, options: FrequencyWindows, offset = 0): Tensor[][] {
  const { featureSize, frequencySkip, numFrequencyBlocks, startFreqindexList, endFreqindexList } = options;
  const frequencies = inputDepth(cell, input);
  const [before, after] = offset < 0 ? [-offset, 0] : [0, offset];
  const padded =
    offset === 0
      ? input
      : pad(input, [
          [0, 0],
          [before, after],
        ]);
  return numFrequencyBlocks.map((count, block) => {
    const start = startFreqindexList?.[block] ?? 0;
    const end = endFreqindexList?.[block] ?? frequencies;
    const fitting = Math.floor((end - start - featureSize) / frequencySkip) + 1;
    if (fitting !== count || start < 0 || end > frequencies) {
      return refuse(
        cell,
        `expected ${count} windows in block ${block}, frequencies ${start} to ${end} of ${frequencies}, got ${Math.max(0, fitting)}. Make numFrequencyBlocks what fits.`,
        [input],
      );
    }
    return Array.from({ length: count }, (_, k) =>
      slice(padded, [0, start + after + k * frequencySkip], [-1, featureSize]),
    );
  });
}
