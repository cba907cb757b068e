import type { GPU, IKernelRunShortcut } from 'gpu.js';
import type {} from './gpu-types.js';
import type { MaybePromise } from '@tensorloom/runtime';
import type { Launch } from './launch.js';
import { type GpujsMode, modeOf, onGpu } from './mode.js';
import { prelude } from './prelude.js';
import { DeviceFloats, HostFloats, type Resident, floats, isOnDevice } from './resident.js';

/** How many compiled kernels a backend keeps; the one unused for longest goes first. */
const MAX_KERNELS = 256;

/** Without a limit of their own, gpu.js ends loops whose length it does not know after 1000 rounds, and says nothing. */
const MAX_ITERATIONS = 2 ** 31 - 1;

/** In mode webasm gpu.js compiles a kernel again for each size, and keeps 8, fewer than a training step has for one op. */
const MAX_SIZES = 64;

/** Except in mode cpu, indices go through float32, which holds them exactly up to here. */
const MAX_LENGTH = 2 ** 24;

/** How many arrays a kernel may read: WebGPU promises eight buffers, one of them for the result. */
export const MAX_ARRAYS = 7;

/** A compiled kernel, which owns the textures of its results: it must outlive them. */
interface Compiled {
  readonly kernel: IKernelRunShortcut;
  /** How many of its results are on the device. */
  results: number;
  evicted: boolean;
  /** The first run, until it has ended: WebGPU compiles meanwhile, and a kernel knows one size of its result only. */
  starting: Promise<unknown> | undefined;
  hasRun: boolean;
}

/** A launch whose arrays are where the kernel reads them. */
export type ReadyLaunch = Launch<Resident>;

const copy = { body: 'return xs[this.thread.x];', integers: {} };

/** The compiled kernels of one GPU object, by the text of their function. */
export class KernelCache {
  /** In order of use. */
  readonly #compiled = new Map<string, Compiled>();
  #compilations = 0;

  constructor(
    readonly gpu: GPU,
    readonly mode: GpujsMode,
    readonly limit = MAX_KERNELS,
  ) {
    for (const { type, source } of prelude) {
      const names = /\((.*?)\)/.exec(source)?.[1].split(', ') ?? [];
      const argumentTypes = Object.fromEntries(names.map((name) => [name, type]));
      this.gpu.addFunction(source, { argumentTypes, returnType: type });
    }
  }

  get size(): number {
    return this.#compiled.size;
  }

  /** How often gpu.js was asked to compile. */
  get compilations(): number {
    return this.#compilations;
  }

  /** Brings numbers to where kernels read them. They must not change afterwards. */
  upload(xs: Float32Array): MaybePromise<Resident> {
    if (!onGpu(this.mode)) return new HostFloats(this.mode === 'webasm' ? withCapacity(xs) : xs, xs.length);
    this.#checkLength(xs.length);
    return this.#run({ ...copy, arrays: { xs } }, xs.length, 'Array');
  }

  /**
   * The `length` elements that a launch computes, in new memory; a promise where the mode has to wait for its device. Throws when
   * gpu.js ran it in another mode than the one asked for, and on tensors longer than the mode can index.
   */
  run({ body, arrays, integers }: ReadyLaunch, length: number): MaybePromise<Resident> {
    this.#checkLength(length);
    const values = mapValues(arrays, (x) => x.argument);
    return this.#run({ body, arrays: values, integers }, length, this.mode === 'webgpu' ? 'Array' : this.#textureType);
  }

  /** Destroys the GPU object, and with it all kernels. */
  dispose(): void {
    this.#compiled.clear();
    // gpu.js destroys on a later turn; what goes wrong there concerns nobody any more.
    this.gpu.destroy().catch(() => undefined);
  }

  get #textureType(): 'Array' | 'ArrayTexture(1)' {
    return onGpu(this.mode) ? 'ArrayTexture(1)' : 'Array';
  }

  #checkLength(length: number): void {
    if (this.mode === 'cpu' || length <= MAX_LENGTH) return;
    throw new RangeError(
      `gpujs: mode '${this.mode}' indexes exactly up to ${MAX_LENGTH} elements, got a tensor of ${length}. Use smaller tensors, or mode 'cpu'.`,
    );
  }

  #run(launch: Launch<Resident['argument']>, length: number, type: ArrayType): MaybePromise<Resident> {
    const compiled = this.#kernel(launch, type);
    const { kernel, starting } = compiled;
    if (starting !== undefined) {
      const again = (): MaybePromise<Resident> => this.#run(launch, length, type);
      return starting.then(again, again);
    }
    kernel.setOutput([this.#capacity(length)]);
    const args = [...Object.values(launch.arrays), ...Object.values(launch.integers)];
    const out = kernel(...args);
    const ran = modeOf(kernel);
    if (ran !== this.mode) {
      const { fallbackReason } = kernel.kernel;
      throw new Error(
        `gpujs: asked for mode '${this.mode}', but gpu.js ran a kernel in mode '${ran}'${fallbackReason ? `: ${fallbackReason}` : ''}. Choose a mode that runs here.`,
      );
    }
    if (onGpu(this.mode)) compiled.results++;
    if (!(out instanceof Promise)) return this.#result(out, length, compiled);
    const result = out.then((y: unknown) => this.#result(y, length, compiled));
    if (!compiled.hasRun) {
      const ended = (): void => void (compiled.starting = undefined);
      compiled.starting = result.then(ended, ended);
    }
    compiled.hasRun = true;
    return result;
  }

  #result(y: unknown, length: number, compiled: Compiled): Resident {
    if (!isOnDevice(y)) return new HostFloats(floats(y, this.#capacity(length)), length);
    return new DeviceFloats(y, length, () => {
      compiled.results--;
      destroyUnused(compiled);
    });
  }

  #capacity(length: number): number {
    return this.mode === 'webasm' ? capacityOf(length) : length;
  }

  #kernel(launch: Launch<unknown>, type: ArrayType): Compiled {
    const { body, arrays, integers } = launch;
    const text = `function (${[...Object.keys(arrays), ...Object.keys(integers)].join(', ')}) { ${body} }`;
    const key = `${type} ${text}`;
    const compiled = this.#compiled.get(key) ?? {
      kernel: this.#compile(text, launch, type),
      results: 0,
      evicted: false,
      starting: undefined,
      hasRun: false,
    };
    this.#compiled.delete(key);
    this.#compiled.set(key, compiled);
    if (this.#compiled.size > this.limit) {
      const [[oldest, unused]] = this.#compiled;
      this.#compiled.delete(oldest);
      unused.evicted = true;
      destroyUnused(unused);
    }
    return compiled;
  }

  #compile(text: string, { arrays, integers }: Launch<unknown>, type: ArrayType): IKernelRunShortcut {
    this.#compilations++;
    const kernel = this.gpu.createKernel(text, {
      argumentTypes: { ...mapValues(arrays, () => type), ...mapValues(integers, () => 'Integer' as const) },
      precision: 'single',
      tactic: 'precision',
      dynamicOutput: true,
      dynamicArguments: true,
      ...(onGpu(this.mode) && { pipeline: true, immutable: true }),
    });
    kernel.setLoopMaxIterations(MAX_ITERATIONS);
    if ('moduleCacheLimit' in kernel.kernel) kernel.kernel.moduleCacheLimit = MAX_SIZES;
    return kernel;
  }
}

type ArrayType = 'Array' | 'ArrayTexture(1)';

function destroyUnused({ kernel, results, evicted }: Compiled): void {
  if (evicted && results === 0) kernel.destroy();
}

const mapValues = <V, W>(record: Readonly<Record<string, V>>, f: (value: V) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));

/**
 * How many elements mode webasm computes for a tensor of `length`: sizes that are not far apart are one size, so that not every
 * shape compiles again; at most an eighth is too many, whatever they are. Multiples of 4, which it computes together, and then no
 * index leaves its array.
 */
export function capacityOf(length: number): number {
  const step = Math.max(4, 2 ** (Math.floor(Math.log2(length)) - 3));
  return Math.max(16, Math.ceil(length / step) * step);
}

function withCapacity(xs: Float32Array): Float32Array {
  const capacity = capacityOf(xs.length);
  if (capacity === xs.length) return xs;
  const padded = new Float32Array(capacity);
  padded.set(xs);
  return padded;
}
