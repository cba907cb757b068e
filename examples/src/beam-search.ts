import type { NDArray } from 'tensorloom';

/** How to search: what sequences begin and end with, and how many of them are kept for each source. */
export interface BeamSearchOptions {
  readonly sources: number;
  readonly width: number;
  readonly start: number;
  readonly end: number;
  readonly maxLength: number;
}

/**
 * Scores what may follow: given the last symbol of each row, and the row of the step before that it goes on from, gives the logarithms of
 * the probabilities of all symbols [rows, symbols]. Rows are those of the first source, `width` of them, then those of the second, ...
 */
export type Scorer = (symbols: readonly number[], parents: readonly number[]) => Promise<NDArray>;

/** A sequence, without its end, and the logarithm of its probability. */
export interface Hypothesis {
  readonly symbols: readonly number[];
  readonly logProbability: number;
}

interface Beam extends Hypothesis {
  readonly ended: boolean;
  readonly parent: number;
}

/** For each source the likeliest sequences found, the best first: width 1 takes the likeliest symbol at each step (greedy). */
export async function beamSearch(options: BeamSearchOptions, score: Scorer): Promise<Hypothesis[][]> {
  const { sources, width, start, end, maxLength } = options;
  // One beam for each source has begun; the others would only repeat it.
  let beams = Array.from({ length: sources * width }, (_, row): Beam => ({
    symbols: [],
    logProbability: row % width === 0 ? 0 : -Infinity,
    ended: false,
    parent: row,
  }));
  for (let step = 0; step < maxLength && beams.some(({ ended }) => !ended); step++) {
    const last = beams.map(({ symbols, ended }) => (ended ? end : (symbols.at(-1) ?? start)));
    const logProbabilities = await score(
      last,
      beams.map(({ parent }) => parent),
    );
    const symbolCount = logProbabilities.shape[1];
    const successors = (beam: Beam, row: number): Beam[] =>
      beam.ended
        ? [{ ...beam, parent: row }]
        : Array.from({ length: symbolCount }, (_, symbol) => ({
            symbols: symbol === end ? beam.symbols : [...beam.symbols, symbol],
            logProbability: beam.logProbability + logProbabilities.get(row, symbol),
            ended: symbol === end,
            parent: row,
          }));
    const current = beams;
    beams = Array.from({ length: sources }, (_, source) => source * width).flatMap((first) =>
      current
        .slice(first, first + width)
        .flatMap((beam, i) => successors(beam, first + i))
        .sort((a, b) => compare(b.logProbability, a.logProbability))
        .slice(0, width),
    );
  }
  return Array.from({ length: sources }, (_, source) => beams.slice(source * width, (source + 1) * width));
}

/** The sign of a - b, where both may be -Infinity. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
