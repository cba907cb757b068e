import type { TypedArrays } from '@tensorloom/graph';

const PAGE = 65_536;
const MAXIMUM_PAGES = 65_536;

/** Vector loads may read up to 16 bytes past the last element: every block has that much room after it. */
const SLACK = 16;

/** A piece of the memory, 16-byte aligned, shared by the tensors that refer to it. */
export interface Block {
  /** First byte. */
  readonly address: number;
  readonly sizeClass: number;
  /** Bytes, those of the size class. */
  readonly capacity: number;
  /** How many handles refer to it. */
  references: number;
}

/** The least size class that holds `bytes`: multiples of 16 up to 128 bytes, then four steps to each power of two. */
export function sizeClassOf(bytes: number): number {
  const last = Math.ceil((bytes + SLACK) / 16) - 1;
  if (last < 8) return last;
  const shift = 29 - Math.clz32(last);
  return 4 * shift + (last >>> shift);
}

/** Bytes of the blocks of a size class. */
export function capacityOf(sizeClass: number): number {
  if (sizeClass < 8) return 16 * (sizeClass + 1);
  const shift = (sizeClass >> 2) - 1;
  return 16 * ((sizeClass & 3) + 5) * 2 ** shift;
}

/**
 * A WebAssembly memory cut into blocks. A released block serves the next request of its size class; blocks are not joined,
 * because a training step asks for the same sizes over and over.
 */
export class Memory {
  readonly memory: WebAssembly.Memory;
  /** Whether other threads can work on it. */
  readonly isShared: boolean;
  /** The memory as elements of each dtype. Read it afresh after each allocation: growth replaces it. */
  views: Readonly<TypedArrays>;
  #end = 16;
  #constantsFrom = 0;
  #constantsEnd = 0;
  readonly #constants = new Map<string, number>();
  readonly #released: Block[][] = [];
  #scratch: Block | undefined;

  /** `shared`: whether other threads can work on it, by default where the engine has such memory. */
  constructor(initialPages = 64, maximumPages = MAXIMUM_PAGES, shared = canShare()) {
    this.memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages, shared });
    this.isShared = shared;
    this.views = viewsOf(this.memory);
  }

  /** A block of at least `bytes` with one reference; its contents are undefined. Throws `RangeError` when memory is exhausted. */
  allocate(bytes: number): Block {
    const sizeClass = sizeClassOf(bytes);
    const released = this.#released[sizeClass]?.pop();
    if (released !== undefined) {
      released.references = 1;
      return released;
    }
    const address = this.#end;
    const capacity = capacityOf(sizeClass);
    if (address + capacity > this.views.bool.length) this.#grow(address + capacity);
    this.#end = address + capacity;
    return { address, sizeClass, capacity, references: 1 };
  }

  /** Takes back a block to which nothing refers any more. */
  release(block: Block): void {
    (this.#released[block.sizeClass] ??= []).push(block);
  }

  /** Address of at least `bytes` that a kernel may use until it returns. */
  scratch(bytes: number): number {
    if (this.#scratch === undefined || this.#scratch.capacity < bytes) {
      if (this.#scratch !== undefined) this.release(this.#scratch);
      this.#scratch = this.allocate(bytes);
    }
    return this.#scratch.address;
  }

  /** Address, for good, of a vector constant of 16 bytes: `words`, repeated as often as they fit. */
  constant(words: Uint32Array): number {
    const key = words.join();
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    if (this.#constantsFrom === this.#constantsEnd) {
      this.#constantsFrom = this.allocate(PAGE).address;
      this.#constantsEnd = this.#constantsFrom + PAGE;
    }
    const address = this.#constantsFrom;
    this.#constantsFrom += 16;
    for (let i = 0; i < 4; i++) this.views.int32[address / 4 + i] = words[i % words.length];
    this.#constants.set(key, address);
    return address;
  }

  /** Grows to hold `bytes`, by doubling where that is allowed. */
  #grow(bytes: number): void {
    const pages = this.views.bool.length / PAGE;
    const needed = Math.ceil(bytes / PAGE) - pages;
    for (const more of [Math.max(needed, Math.min(pages, MAXIMUM_PAGES - pages)), needed]) {
      try {
        this.memory.grow(more);
        this.views = viewsOf(this.memory);
        return;
      } catch {
        // Doubling may be refused where growing by what is needed is not.
      }
    }
    const mebibytes = (n: number): string => `${Math.ceil(n / 2 ** 20)} MiB`;
    throw new RangeError(
      `cpu: out of memory: ${mebibytes(bytes)} are needed, ${mebibytes(pages * PAGE)} are in use and the engine gives no more. Use smaller batches, or free what is kept.`,
    );
  }
}

/** Whether threads can share memory here: a page must have been served with the headers that isolate it. */
const canShare = (): boolean =>
  typeof SharedArrayBuffer === 'function' && (typeof crossOriginIsolated === 'undefined' || crossOriginIsolated);

const viewsOf = ({ buffer }: WebAssembly.Memory): TypedArrays => ({
  float32: new Float32Array(buffer),
  float64: new Float64Array(buffer),
  int32: new Int32Array(buffer),
  bool: new Uint8Array(buffer),
});
