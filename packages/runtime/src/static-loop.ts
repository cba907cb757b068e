import type { DType, Op } from '@tensorloom/graph';
import type { DeviceTensor, HostTensor } from './backend.js';

/** A tensor whose shape is known before anything runs. */
export interface StaticTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** One op of a static loop; inputs and outputs are indices of its values. */
export interface StaticStep {
  readonly op: Op;
  readonly attrs: unknown;
  /** The device inputs. */
  readonly inputs: readonly number[];
  /** The inputs that the op declares as `hostInputs`. */
  readonly host: readonly HostTensor[];
  readonly outputs: readonly number[];
}

/** Steps in order, and which values they are for. */
export interface StaticBlock {
  readonly steps: readonly StaticStep[];
  readonly results: readonly number[];
}

/**
 * A loop all of whose values have the same dtype and shape at every trip, as a backend may compile it whole. Elementwise ops stand
 * alone, however they were fused before; counters and conditions are values like all others.
 */
export interface StaticLoop {
  readonly values: readonly StaticTensor[];
  /** The values that are the same whenever the loop runs. */
  readonly constants: ReadonlyMap<number, HostTensor>;
  /** Values that a run gives: constants of the loop, what the first trip begins with, and rows of sequences. */
  readonly consts: readonly number[];
  readonly carry: readonly number[];
  readonly xs: readonly number[];
  /** One trip. Results: what the next one begins with, then a row for each output sequence. */
  readonly body: StaticBlock;
  /** Whether there is another trip, as a bool scalar, asked before each. */
  readonly cond: StaticBlock | null;
  /** Whether sequences are read and written from their last row to the first. */
  readonly reverse: boolean;
}

/** What a static loop runs on. All are borrowed; `xs` have a first axis of at least `trips` rows. */
export interface LoopArguments<B = unknown> {
  readonly consts: readonly DeviceTensor<B>[];
  readonly carry: readonly DeviceTensor<B>[];
  readonly xs: readonly DeviceTensor<B>[];
  /** How often the loop runs at most: exactly as often without a condition. At least 1. */
  readonly trips: number;
}

/** What a static loop made, as new references. `ys` have a first axis of `trips` rows. */
export interface LoopResults<B = unknown> {
  readonly carry: readonly DeviceTensor<B>[];
  readonly ys: readonly DeviceTensor<B>[];
  /** How often it ran. */
  readonly trips: number;
}

/** A compiled loop. */
export interface LoopKernel<B = unknown> {
  /** `undefined` when something went wrong that only running op by op can explain; then nothing was made. */
  run(args: LoopArguments<B>): LoopResults<B> | undefined;
  dispose(): void;
}
