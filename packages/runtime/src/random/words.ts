import { type Seeds, WORDS_PER_BLOCK, philox } from './philox.js';

/** The words of a stream, one after the other, from block `block`. */
export class Words {
  readonly #words = new Uint32Array(64 * WORDS_PER_BLOCK);
  #at = this.#words.length;

  constructor(
    readonly seeds: Seeds,
    private block: number,
  ) {}

  next(): number {
    if (this.#at === this.#words.length) {
      philox(this.#words, this.seeds, this.block);
      this.block += this.#words.length / WORDS_PER_BLOCK;
      this.#at = 0;
    }
    return this.#words[this.#at++];
  }

  /** An integer below `n`, at most 2^31, all equally likely: words at which it would not come out even are passed over (TF `ExactUniformInt`). */
  below(n: number): number {
    if ((n & (n - 1)) === 0) return this.next() % n;
    const uneven = (0xffffffff % n) + 1;
    for (;;) {
      const word = this.next();
      if (word >= uneven) return word % n;
    }
  }
}
