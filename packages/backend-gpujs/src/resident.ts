import type { MaybePromise } from '@tensorloom/runtime';

/** Floats where the kernels of a mode read them. In modes 'cpu' and 'webasm' that is host memory, else a texture or a buffer. */
export interface Resident {
  /** What a kernel of gpu.js takes as an argument. */
  readonly argument: Float32Array | OnDevice;
  /** The elements; nobody may change them. A promise where the mode has to wait for its device. */
  read(): MaybePromise<Float32Array>;
  /** Gives the memory back. */
  delete(): void;
}

/** What a pipeline kernel of gpu.js returns: a texture of WebGL, a buffer of WebGPU. */
export interface OnDevice {
  toArray(): unknown;
  delete(): void;
}

/** Whether gpu.js left a result on its device. */
export const isOnDevice = (x: unknown): x is OnDevice =>
  typeof x === 'object' && x !== null && 'toArray' in x && 'delete' in x;

/** Floats in host memory, of which the first `length` count. */
export class HostFloats implements Resident {
  constructor(
    readonly argument: Float32Array,
    readonly length: number,
  ) {}

  read(): Float32Array {
    return this.argument.length === this.length ? this.argument : this.argument.subarray(0, this.length);
  }

  delete(): void {
    // The garbage collector's.
  }
}

/** Floats on a device, kept by gpu.js until they are deleted; `release` is called then, once. */
export class DeviceFloats implements Resident {
  constructor(
    readonly argument: OnDevice,
    readonly length: number,
    readonly release: () => void,
  ) {}

  read(): MaybePromise<Float32Array> {
    const elements = this.argument.toArray();
    return elements instanceof Promise
      ? elements.then((y: unknown) => floats(y, this.length))
      : floats(elements, this.length);
  }

  delete(): void {
    this.argument.delete();
    this.release();
  }
}

/** The elements that gpu.js gave. Throws when they are not `length` floats. */
export function floats(y: unknown, length: number): Float32Array {
  if (y instanceof Float32Array && y.length === length) return y;
  throw new Error(`gpujs: expected ${length} elements from a kernel, got ${String(y)}.`);
}
