import { NDArray } from '@tensorloom/graph';
import { MersenneTwister } from './mersenne-twister.js';

/** How an `EmbeddedReberGrammar` draws. */
export interface ReberOptions {
  /** Fixes all strings; 42 by default. Integer from 0 to 2^32 - 1. */
  readonly seed?: number | undefined;
}

/** A string, and whether the grammar makes it. */
export interface ReberExample {
  readonly string: string;
  readonly good: boolean;
}

/** The letters of Reber strings, in the order in which `encodeReberStrings` numbers them. */
export const reberSymbols = 'BEPSTVX';

/** For each state what may follow: a letter or a string of another grammar, and the state after it; `null` is the end. */
type Grammar = readonly (readonly (readonly [emitted: string | Grammar, next: number | null])[])[];

const reber: Grammar = [
  [['B', 1]],
  // prettier-ignore
  [['T', 2], ['P', 3]],
  // prettier-ignore
  [['S', 2], ['X', 4]],
  // prettier-ignore
  [['T', 3], ['V', 5]],
  // prettier-ignore
  [['X', 3], ['S', 6]],
  // prettier-ignore
  [['P', 4], ['V', 6]],
  [['E', null]],
];

/** The second letter comes again before the last one, however long the Reber string between them is. */
const embedded: Grammar = [
  [['B', 1]],
  // prettier-ignore
  [['T', 2], ['P', 3]],
  [[reber, 4]],
  [[reber, 5]],
  [['T', 6]],
  [['P', 6]],
  [['E', null]],
];

/**
 * Strings that take a long memory to tell good from bad: the embedded Reber grammar, and strings of it with one letter replaced.
 * S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", 1997, section 5.1.
 */
export class EmbeddedReberGrammar {
  readonly #random: MersenneTwister;

  /** Throws `RangeError` when the seed is out of range. */
  constructor({ seed = 42 }: ReberOptions = {}) {
    this.#random = new MersenneTwister(seed);
  }

  /** A random string of the grammar: where two letters may follow, each is as likely. */
  goodString(): string {
    return this.#walk(embedded);
  }

  /** A random string of the grammar in which one letter is replaced by another: the grammar makes no such string. */
  badString(): string {
    const good = this.goodString();
    const at = this.#random.upTo(good.length - 1);
    const others = Array.from(reberSymbols).filter((symbol) => symbol !== good[at]);
    return good.slice(0, at) + others[this.#random.upTo(others.length - 1)] + good.slice(at + 1);
  }

  /** `size` examples, half of them good (one fewer than the bad when `size` is odd), in random order. */
  examples(size: number): ReberExample[] {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(`EmbeddedReberGrammar.examples: expected a size of at least 1, got ${size}.`);
    }
    const half = Math.floor(size / 2);
    const inOrder = Array.from({ length: size }, (_, i): ReberExample =>
      i < half ? { string: this.goodString(), good: true } : { string: this.badString(), good: false },
    );
    const order = Uint32Array.from({ length: size }, (_, i) => i);
    this.#random.shuffle(order);
    return Array.from(order, (i) => inOrder[i]);
  }

  /** Whether the grammar makes a string. */
  accepts(string: string): boolean {
    return endOf(embedded, string, 0) === string.length;
  }

  #walk(grammar: Grammar): string {
    let string = '';
    for (let state: number | null = 0; state !== null;) {
      const ways: Grammar[number] = grammar[state];
      const [emitted, next] = ways[ways.length === 1 ? 0 : this.#random.upTo(ways.length - 1)];
      string += typeof emitted === 'string' ? emitted : this.#walk(emitted);
      state = next;
    }
    return string;
  }
}

/** Where the part of `string` that begins at `start` and that a grammar makes ends, or -1. No two ways begin alike, so there is but one. */
function endOf(grammar: Grammar, string: string, start: number): number {
  let at = start;
  for (let state: number | null = 0; state !== null;) {
    let next: number | null | undefined;
    for (const [emitted, after] of grammar[state]) {
      const end = typeof emitted === 'string' ? (string[at] === emitted ? at + 1 : -1) : endOf(emitted, string, at);
      if (end < 0) continue;
      at = end;
      next = after;
      break;
    }
    if (next === undefined) return -1;
    state = next;
  }
  return at;
}

/**
 * Strings as one-hot rows, float32 [strings, longest, 7], zeros past a string's end, and their lengths, int32 [strings].
 * Throws `RangeError` at a letter that is not in `reberSymbols`.
 */
export function encodeReberStrings(
  strings: readonly string[],
): readonly [inputs: NDArray<'float32'>, lengths: NDArray<'int32'>] {
  const longest = Math.max(0, ...strings.map(({ length }) => length));
  const depth = reberSymbols.length;
  const inputs = new Float32Array(strings.length * longest * depth);
  strings.forEach((string, row) => {
    for (let step = 0; step < string.length; step++) {
      const symbol = reberSymbols.indexOf(string[step]);
      if (symbol < 0) {
        throw new RangeError(
          `encodeReberStrings: expected letters of ${reberSymbols}, got '${string[step]}' in ${string}.`,
        );
      }
      inputs[(row * longest + step) * depth + symbol] = 1;
    }
  });
  return [
    new NDArray('float32', [strings.length, longest, depth], inputs),
    new NDArray(
      'int32',
      [strings.length],
      Int32Array.from(strings, ({ length }) => length),
    ),
  ];
}
