import { type DType, type TypedArray, sizeOf, toTypedArray } from '@tensorloom/graph';
import type { DeviceTensor, HostTensor, MaybePromise, MemoryStats } from '@tensorloom/runtime';
import type { KernelCache } from './kernel-cache.js';
import type { Launch, Source } from './launch.js';
import { all, chain } from './maybe-promise.js';
import type { Resident } from './resident.js';

/** gpu.js holds every element as a float32, integers and booleans too. */
const BYTES_PER_ELEMENT = 4;

/**
 * The elements of a tensor: in host memory, where kernels of gpu.js read them, or in both. They come to the device when the first
 * kernel reads them there, and stay; they come back when the host asks for them. Integers that come from the host stay exact
 * there, for what float32 does not hold.
 */
class Elements {
  references = 1;
  constructor(
    readonly dtype: DType,
    readonly length: number,
    public host: TypedArray | undefined,
    public resident: MaybePromise<Resident> | undefined,
  ) {}
}

/** One reference to the elements of a tensor. */
export class Handle {
  freed = false;
  constructor(
    readonly owner: Handles,
    readonly elements: Elements,
  ) {}
}

/** A tensor of a gpu.js backend. */
export type GpujsTensor = DeviceTensor<Handle>;

/** The handles of one backend. Each holds one reference to elements, which tensors of other shapes may share. */
export class Handles {
  /** All elements that are referred to. */
  readonly #live = new Set<Elements>();

  constructor(readonly kernels: KernelCache) {}

  /** A new handle on `x` in host memory, which nobody may change from now on. Throws on float64. */
  hold({ dtype, shape, data }: HostTensor): GpujsTensor {
    return this.#handle(dtype, shape, data, undefined);
  }

  /** A new handle on what a kernel computed. */
  place(dtype: DType, shape: readonly number[], resident: Resident): GpujsTensor {
    return this.#handle(dtype, shape, undefined, resident);
  }

  /** The elements behind a handle, in host memory. Throws when it was freed, or is another backend's. */
  read(x: GpujsTensor): MaybePromise<HostTensor> {
    const elements = this.#elements(x, 'read');
    return chain(hostOf(elements), (data) => ({ dtype: x.dtype, shape: x.shape, data }));
  }

  /** The elements behind a handle, where kernels read them. */
  resident(x: GpujsTensor): MaybePromise<Resident> {
    const elements = this.#elements(x, 'read');
    return elements.resident ?? this.#upload(elements);
  }

  /** Runs a launch; what it needs besides `inputs` is brought to the device, or computed there, for it alone. */
  launch(
    { body, arrays, integers }: Launch,
    inputs: readonly (GpujsTensor | undefined)[],
    length: number,
  ): MaybePromise<Resident> {
    const names = Object.keys(arrays);
    const sources = Object.values(arrays);
    return chain(all(sources.map((source) => this.#source(source, inputs))), (residents) => {
      const ready = { body, arrays: Object.fromEntries(names.map((name, i) => [name, residents[i]])), integers };
      return chain(this.kernels.run(ready, length), (y) => {
        residents.forEach((resident, i) => {
          if (typeof sources[i] !== 'number') resident.delete();
        });
        return y;
      });
    });
  }

  /** Another reference to the elements of `x`, seen in a shape that holds as many. */
  retain(x: GpujsTensor, shape: readonly number[] = x.shape): GpujsTensor {
    const elements = this.#elements(x, 'retain');
    if (sizeOf(shape) !== elements.length) {
      throw new RangeError(
        `gpujs: retain of ${elements.length} elements in shape [${shape.join(',')}], which holds ${sizeOf(shape)}. Give a shape of that size.`,
      );
    }
    elements.references++;
    return { dtype: x.dtype, shape, buffer: new Handle(this, elements) };
  }

  free(x: GpujsTensor): void {
    const elements = this.#elements(x, 'free');
    x.buffer.freed = true;
    elements.references--;
    if (elements.references === 0) this.#drop(elements);
  }

  stats(): MemoryStats {
    let [handles, bytes] = [0, 0];
    for (const { references, length } of this.#live) {
      handles += references;
      bytes += length * BYTES_PER_ELEMENT;
    }
    return { handles, bytes };
  }

  clear(): void {
    for (const elements of this.#live) this.#drop(elements);
  }

  #handle(
    dtype: DType,
    shape: readonly number[],
    host: TypedArray | undefined,
    resident: Resident | undefined,
  ): GpujsTensor {
    if (dtype === 'float64') throw new TypeError('gpujs: holds float32, int32 and bool, got float64. Use cast().');
    const elements = new Elements(dtype, sizeOf(shape), host, resident);
    this.#live.add(elements);
    return { dtype, shape, buffer: new Handle(this, elements) };
  }

  #source(source: Source, inputs: readonly (GpujsTensor | undefined)[]): MaybePromise<Resident> {
    if (source instanceof Float32Array) return this.kernels.upload(source);
    if (typeof source !== 'number') return this.launch(source.launch, inputs, source.length);
    const input = inputs[source];
    if (input === undefined) throw new Error(`gpujs: a kernel reads input ${source}, which is in host memory.`);
    return this.resident(input);
  }

  #upload(elements: Elements): MaybePromise<Resident> {
    const uploaded = chain(hostOf(elements), (data) =>
      this.kernels.upload(data instanceof Float32Array ? data : Float32Array.from(data)),
    );
    elements.resident = uploaded;
    if (uploaded instanceof Promise) {
      uploaded.then(
        (r) => (elements.resident = r),
        () => (elements.resident = undefined),
      );
    }
    return uploaded;
  }

  #drop(elements: Elements): void {
    this.#live.delete(elements);
    void chain(elements.resident, (r) => r?.delete());
  }

  #elements({ buffer }: GpujsTensor, action: string): Elements {
    if (!(buffer instanceof Handle) || buffer.owner !== this) {
      throw new Error(`gpujs: ${action} of a tensor of another backend. Download it there and upload it here.`);
    }
    if (buffer.freed) {
      throw new Error(`gpujs: ${action} of a tensor that was freed before. Retain it once for each free.`);
    }
    return buffer.elements;
  }
}

/** The elements in host memory; what a device has to be waited for is kept there. */
function hostOf(elements: Elements): MaybePromise<TypedArray> {
  const { dtype, host, resident } = elements;
  if (host !== undefined) return host;
  if (resident === undefined) throw new Error('gpujs: a tensor without elements. Please report it.');
  return chain(resident, (r) =>
    chain(r.read(), (data) => (elements.host = dtype === 'float32' ? data : toTypedArray(dtype, data))),
  );
}
