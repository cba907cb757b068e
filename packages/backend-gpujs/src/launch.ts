/** What an array of a launch holds: an input of the op by its position, numbers of its own, or what another launch computes first. */
export type Source = number | Float32Array | Computed;

/** A launch, and how many elements it computes. */
export interface Computed {
  readonly launch: Launch;
  readonly length: number;
}

/** One run of a gpu.js kernel: what it computes, and of what. */
export interface Launch<A = Source> {
  /**
   * The statements of the kernel function, which return element `this.thread.x` of the result, flat and row-major. They are
   * the same for all shapes of one class, so that a kernel is compiled once for each class.
   */
  readonly body: string;
  /** The arrays that the body reads, by name. */
  readonly arrays: Readonly<Record<string, A>>;
  /** The integers that the body reads, by name: lengths and strides. */
  readonly integers: Readonly<Record<string, number>>;
}
