import { MersenneTwister } from './mersenne-twister.js';

/** How many film reviews, and which. */
export interface FilmReviewOptions {
  /** Fixes the reviews; 42 by default. Integer from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
}

/** A review in words, and whether its author liked the film. */
export interface FilmReview {
  readonly words: readonly string[];
  readonly positive: boolean;
}

const subjects = ['film', 'plot', 'acting', 'music', 'ending', 'story', 'dialogue', 'cast', 'script', 'humour'];
const praise = ['good', 'great', 'moving', 'funny', 'clever', 'charming', 'gripping', 'superb', 'fresh', 'convincing'];
const blame = ['bad', 'awful', 'dull', 'boring', 'clumsy', 'tedious', 'shallow', 'silly', 'stale', 'annoying'];
const emphases = ['', 'very', 'really', 'so', 'truly'];
const negations = ['not', 'never', 'hardly', 'not at all', 'anything but'];

/** The words of film reviews. */
export const filmReviewWords: readonly string[] = [
  ...new Set(
    ['the', 'was', 'and', 'but', 'although', ',', ...subjects, ...praise, ...blame, ...emphases, ...negations]
      .flatMap((words) => words.split(' '))
      .filter((word) => word !== ''),
  ),
];

/**
 * `size` different film reviews made by a grammar, about as many positive as negative. A clause says that something was good, or not bad;
 * a review is a clause, two of one opinion joined by "and", or two of different opinions, of which the one after "but", or the one without
 * "although", is the author's. So single words do not tell: negations and the order of clauses do.
 * Throws `RangeError` unless `size` is an integer from 1 to 100,000.
 */
export function filmReviews(size: number, { seed = 42 }: FilmReviewOptions = {}): FilmReview[] {
  if (!Number.isInteger(size) || size < 1 || size > 100_000) {
    throw new RangeError(`filmReviews: expected a size from 1 to 100000, got ${size}.`);
  }
  const random = new MersenneTwister(seed);
  const oneOf = (words: readonly string[]): string => words[random.upTo(words.length - 1)];

  const clause = (positive: boolean): string => {
    const negated = random.uniform() < 0.5;
    const modifier = oneOf(negated ? negations : emphases);
    const opinion = oneOf(positive === negated ? blame : praise);
    return `the ${oneOf(subjects)} was ${modifier} ${opinion}`;
  };
  const forms: ((positive: boolean) => string)[] = [
    clause,
    (positive) => `${clause(positive)} and ${clause(positive)}`,
    (positive) => `${clause(!positive)} but ${clause(positive)}`,
    (positive) => `although ${clause(!positive)} , ${clause(positive)}`,
    (positive) => `${clause(positive)} although ${clause(!positive)}`,
  ];

  const reviews = new Map<string, FilmReview>();
  while (reviews.size < size) {
    const positive = random.uniform() < 0.5;
    const words = forms[random.upTo(forms.length - 1)](positive)
      .split(' ')
      .filter((word) => word !== '');
    reviews.set(words.join(' '), { words, positive });
  }
  return [...reviews.values()];
}
