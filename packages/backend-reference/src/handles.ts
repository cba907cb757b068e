import type { TypedArray } from '@tensorloom/graph';
import type { DeviceTensor, HostTensor, MemoryStats } from '@tensorloom/runtime';

/** One reference to an array of elements. */
class Handle {
  freed = false;
  constructor(
    readonly owner: Handles,
    readonly data: TypedArray,
  ) {}
}

/** The handles of one backend. Each holds one reference to an array, which tensors of other shapes may share. */
export class Handles {
  /** The arrays in use, and how many handles hold each. */
  readonly #references = new Map<TypedArray, number>();

  /** A new handle on the elements of `x`, which nobody may change from now on. */
  hold({ dtype, shape, data }: HostTensor): DeviceTensor {
    this.#references.set(data, (this.#references.get(data) ?? 0) + 1);
    return { dtype, shape, buffer: new Handle(this, data) };
  }

  /** The elements behind a handle. Throws when it was freed, or is another backend's. */
  read(x: DeviceTensor): HostTensor {
    return { dtype: x.dtype, shape: x.shape, data: this.#live(x, 'read').data };
  }

  retain(x: DeviceTensor): DeviceTensor {
    return this.hold({ dtype: x.dtype, shape: x.shape, data: this.#live(x, 'retain').data });
  }

  free(x: DeviceTensor): void {
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

  #live({ buffer }: DeviceTensor, action: string): Handle {
    if (!(buffer instanceof Handle) || buffer.owner !== this) {
      throw new Error(`reference: ${action} of a tensor of another backend. Download it there and upload it here.`);
    }
    if (buffer.freed) {
      throw new Error(`reference: ${action} of a tensor that was freed before. Retain it once for each free.`);
    }
    return buffer;
  }
}
