import { type TypedArray, sizeOf } from '@tensorloom/graph';
import type { DeviceTensor, HostTensor, MemoryStats } from '@tensorloom/runtime';

/**
 * One reference to the elements of a tensor, which gpu.js leaves in host memory: in modes 'cpu' and 'webasm' they never were
 * elsewhere, from a GPU they are read back after each kernel.
 */
export class Handle {
  freed = false;
  constructor(
    readonly owner: Handles,
    readonly data: TypedArray,
  ) {}
}

/** A tensor of a gpu.js backend. */
export type GpujsTensor = DeviceTensor<Handle>;

/** The handles of one backend. Each holds one reference to an array, which tensors of other shapes may share. */
export class Handles {
  /** The arrays in use, and how many handles hold each. */
  readonly #references = new Map<TypedArray, number>();

  /** A new handle on the elements of `x`, which nobody may change from now on. Throws on float64. */
  hold({ dtype, shape, data }: HostTensor): GpujsTensor {
    if (dtype === 'float64') throw new TypeError('gpujs: holds float32, int32 and bool, got float64. Use cast().');
    this.#references.set(data, (this.#references.get(data) ?? 0) + 1);
    return { dtype, shape, buffer: new Handle(this, data) };
  }

  /** The elements behind a handle. Throws when it was freed, or is another backend's. */
  read(x: GpujsTensor): HostTensor {
    return { dtype: x.dtype, shape: x.shape, data: this.#live(x, 'read').data };
  }

  /** Another reference to the elements of `x`, seen in a shape that holds as many. */
  retain(x: GpujsTensor, shape: readonly number[] = x.shape): GpujsTensor {
    const { data } = this.#live(x, 'retain');
    if (sizeOf(shape) !== data.length) {
      throw new RangeError(
        `gpujs: retain of ${data.length} elements in shape [${shape.join(',')}], which holds ${sizeOf(shape)}. Give a shape of that size.`,
      );
    }
    return this.hold({ dtype: x.dtype, shape, data });
  }

  free(x: GpujsTensor): void {
    const buffer = this.#live(x, 'free');
    buffer.freed = true;
    const left = (this.#references.get(buffer.data) ?? 0) - 1;
    if (left > 0) this.#references.set(buffer.data, left);
    else this.#references.delete(buffer.data);
  }

  stats(): MemoryStats {
    let [handles, bytes] = [0, 0];
    for (const [data, references] of this.#references) {
      handles += references;
      bytes += data.byteLength;
    }
    return { handles, bytes };
  }

  clear(): void {
    this.#references.clear();
  }

  #live({ buffer }: GpujsTensor, action: string): Handle {
    if (!(buffer instanceof Handle) || buffer.owner !== this) {
      throw new Error(`gpujs: ${action} of a tensor of another backend. Download it there and upload it here.`);
    }
    if (buffer.freed) {
      throw new Error(`gpujs: ${action} of a tensor that was freed before. Retain it once for each free.`);
    }
    return buffer;
  }
}
