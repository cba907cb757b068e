import type { DType, Op, TypedArray } from '@tensorloom/graph';
import type { LoopKernel, StaticLoop } from './static-loop.js';

/** What a backend may give at once or later. */
export type MaybePromise<T> = T | Promise<T>;

/** A tensor in host memory, row-major. */
export interface HostTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** A tensor on a device: an opaque, reference-counted handle. `buffer` is read by nobody but the backend that made it. */
export interface DeviceTensor<B = unknown> {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly buffer: B;
}

/** What a kernel gets besides its device inputs. */
export interface KernelCall<A = unknown> {
  readonly attrs: A;
  /** The inputs that the op declares as `hostInputs`, in that order, as tensors in host memory. */
  readonly host: readonly HostTensor[];
  /**
   * Whether device input `i` is given away: its last use, and nobody else holds that reference. A kernel may overwrite and
   * return such an input (as a new reference: `retain` it) when the backend finds the reference to be the only one.
   */
  readonly donated: readonly boolean[];
}

/**
 * Runs one op. `inputs` are the device inputs (those not in `hostInputs`), in order; they are borrowed. Results are new
 * references owned by the caller: one tensor, or an array when the op has several outputs.
 *
 * Written as a method's type, so that a backend of any `B` is a `Backend`: the runtime hands a backend only its own handles.
 */
export type Kernel<B, A = unknown> = {
  run(
    inputs: readonly DeviceTensor<B>[],
    call: KernelCall<A>,
  ): MaybePromise<DeviceTensor<B> | readonly DeviceTensor<B>[]>;
}['run'];

/** Live handles and the bytes they hold on the device. */
export interface MemoryStats {
  readonly handles: number;
  readonly bytes: number;
}

/**
 * Elementwise ops as one function, to be computed in one pass over memory. `steps` are in order; an operand below `inputs.length` is
 * that input, another one the result of step `operand - inputs.length`. The result is the last step's; its shape is that to which all
 * inputs broadcast together.
 */
export interface ElementwiseRegion {
  /** The dtype of each input. */
  readonly inputs: readonly DType[];
  readonly steps: readonly RegionStep[];
}

/** One elementwise op of a region. */
export interface RegionStep {
  readonly op: Op;
  readonly attrs: unknown;
  readonly operands: readonly number[];
  /** The dtype of its result. */
  readonly dtype: DType;
}

/** A device: how to hold tensors, and a kernel for each op it can run. Loops, lists, variables, order and lifetimes are the runtime's. */
export interface Backend<B = unknown> {
  readonly name: string;
  /** What really runs, for messages and reports: an engine, a mode, SIMD and threads. */
  readonly description: string;
  readonly dtypes: ReadonlySet<DType>;
  readonly kernels: ReadonlyMap<Op, Kernel<B>>;
  /**
   * Why the backend's kernel of `op` computes tensors of `dtype` in host memory, reading its inputs back; `undefined` when it computes
   * on the device. For reports. Without this method all kernels compute on the device.
   */
  readonly inHostMemory?: (op: Op, dtype: DType) => string | undefined;
  /** One kernel for a whole region; `undefined` when the backend would rather run its ops one by one. */
  readonly fuse?: (region: ElementwiseRegion) => Kernel<B> | undefined;
  /**
   * A whole loop as one kernel; `undefined` when the backend would rather have it run op by op. For backends that never make one wait.
   */
  readonly compileLoop?: (loop: StaticLoop) => LoopKernel<B> | undefined;
  upload(tensor: HostTensor): DeviceTensor<B>;
  /** The elements, as a private copy. */
  download(tensor: DeviceTensor<B>): MaybePromise<HostTensor>;
  /** Another reference to the same tensor. */
  retain(tensor: DeviceTensor<B>): DeviceTensor<B>;
  /** Gives up one reference. */
  free(tensor: DeviceTensor<B>): void;
  stats(): MemoryStats;
  /** Gives back what the backend itself holds; handles must not be used afterwards. */
  dispose(): void;
}
