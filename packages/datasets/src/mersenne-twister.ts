const stateSize = 624;
const shiftSize = 397;
const twistMatrix = 0x9908b0df;

/**
 * The generator behind NumPy's `numpy.random.seed(seed)`, so that shuffles and samples come out as they do there:
 * MT19937 (Matsumoto and Nishimura, 1998), with NumPy's legacy `rand` and `shuffle` on top.
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(stateSize);
  #next = stateSize;

  /** Throws `RangeError` unless `seed` is an integer from 0 to 2^32 - 1. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new RangeError(`seed: expected an integer from 0 to 4294967295, got ${seed}.`);
    }
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < stateSize; i++) {
      state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** The next 32 bits, as an unsigned integer. */
  uint32(): number {
    if (this.#next === stateSize) this.#twist();
    let word = this.#state[this.#next++];
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** A float64 uniform in [0, 1) with 53 random bits, as `numpy.random.rand()`. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  }

  /** An integer from 0 to `max`, each as likely, as `numpy.random.randint(max + 1)`: words are masked to the bits of `max`, and those above it dropped. */
  upTo(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    for (;;) {
      const word = (this.uint32() & mask) >>> 0;
      if (word <= max) return word;
    }
  }

  /** Shuffles in place, as `numpy.random.shuffle`: from the last element down, each swaps with one not after it. */
  shuffle(values: Uint32Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.upTo(i);
      const swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < stateSize; i++) {
      const word = (state[i] & 0x80000000) | (state[(i + 1) % stateSize] & 0x7fffffff);
      state[i] = state[(i + shiftSize) % stateSize] ^ (word >>> 1) ^ (word & 1 ? twistMatrix : 0);
    }
    this.#next = 0;
  }
}
