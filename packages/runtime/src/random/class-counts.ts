import type { Words } from './words.js';

const LARGEST_TOTAL = 2 ** 31 - 1;

/**
 * How often each class was seen, and once more; draws classes with these weights, and counts, in a time that grows with the logarithm of
 * their number (TF `UnigramSampler`). Counting ends when all counts add up to the largest int32.
 */
export class ClassCounts {
  /** A binary tree: node i holds the sum of nodes 2 i and 2 i + 1; node 1 is the root, the last `leaves` nodes are the classes. */
  readonly #tree: Int32Array;
  readonly #leaves: number;

  /** Goes on from `counts`, the count of each class; default 1 each. */
  constructor(
    readonly range: number,
    counts?: readonly number[],
  ) {
    this.#leaves = 2 ** Math.ceil(Math.log2(range));
    this.#tree = new Int32Array(2 * this.#leaves);
    if (counts === undefined) this.#tree.fill(1, this.#leaves, this.#leaves + range);
    else this.#tree.set(counts, this.#leaves);
    for (let i = this.#leaves - 1; i >= 1; i--) this.#tree[i] = this.#tree[2 * i] + this.#tree[2 * i + 1];
  }

  get total(): number {
    return this.#tree[1];
  }

  /** The count of each class. */
  get counts(): number[] {
    return Array.from(this.#tree.subarray(this.#leaves, this.#leaves + this.range));
  }

  countOf(k: number): number {
    return this.#tree[this.#leaves + k];
  }

  add(k: number): void {
    if (this.total === LARGEST_TOTAL) return;
    for (let i = this.#leaves + k; i >= 1; i >>= 1) this.#tree[i]++;
  }

  draw(words: Words): number {
    let point = words.below(this.total);
    let i = 1;
    while (i < this.#leaves) {
      i *= 2;
      if (point < this.#tree[i]) continue;
      point -= this.#tree[i];
      i++;
    }
    return i - this.#leaves;
  }
}
