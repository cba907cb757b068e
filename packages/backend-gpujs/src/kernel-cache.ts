import type { GPU, IKernelRunShortcut } from 'gpu.js';
import type { MaybePromise } from '@tensorloom/runtime';
import type { Launch } from './launch.js';
import { type GpujsMode, modeOf } from './mode.js';

/** How many compiled kernels a backend keeps; the one unused for longest goes first. */
const MAX_KERNELS = 256;

/** Without a limit of their own, gpu.js ends loops whose length it does not know after 1000 rounds, and says nothing. */
const MAX_ITERATIONS = 2 ** 31 - 1;

/** In mode webasm a kernel is compiled again for each size; gpu.js keeps 8, fewer than a training step has for one op. */
const MAX_SIZES = 32;

/** Except in mode cpu, `/` and `%` of integers go through float32, which holds them exactly up to here. */
const MAX_LENGTH = 2 ** 24;

/** The compiled kernels of one GPU object, by the text of their function. */
export class KernelCache {
  /** In order of use. */
  readonly #compiled = new Map<string, IKernelRunShortcut>();

  constructor(
    readonly gpu: GPU,
    readonly mode: GpujsMode,
    readonly limit = MAX_KERNELS,
  ) {}

  get size(): number {
    return this.#compiled.size;
  }

  /**
   * The `length` elements that a launch computes, in a new array; a promise where the mode has to wait for its device. Throws when
   * gpu.js ran it in another mode than the one asked for, and on tensors longer than the mode can index.
   */
  run(launch: Launch, length: number): MaybePromise<Float32Array> {
    const { arrays, integers } = launch;
    const longest = Math.max(length, ...Object.values(arrays).map((a) => a.length));
    if (this.mode !== 'cpu' && longest > MAX_LENGTH) {
      throw new RangeError(
        `gpujs: mode '${this.mode}' indexes exactly up to ${MAX_LENGTH} elements, got a tensor of ${longest}. Use smaller tensors, or mode 'cpu'.`,
      );
    }
    const kernel = this.#kernel(launch);
    kernel.setOutput([length]);
    const out: unknown = kernel(...Object.values(arrays), ...Object.values(integers));
    const ran = modeOf(kernel);
    if (ran !== this.mode) {
      const { fallbackReason } = kernel.kernel;
      throw new Error(
        `gpujs: asked for mode '${this.mode}', but gpu.js ran a kernel in mode '${ran}'${fallbackReason ? `: ${fallbackReason}` : ''}. Choose a mode that runs here.`,
      );
    }
    return out instanceof Promise ? out.then((y: unknown) => floats(y, length)) : floats(out, length);
  }

  /** Destroys the GPU object, and with it all kernels. */
  dispose(): void {
    this.#compiled.clear();
    // gpu.js destroys on a later turn; what goes wrong there concerns nobody any more.
    this.gpu.destroy().catch(() => undefined);
  }

  #kernel({ body, arrays, integers }: Launch): IKernelRunShortcut {
    const text = `function (${[...Object.keys(arrays), ...Object.keys(integers)].join(', ')}) { ${body} }`;
    const kernel = this.#compiled.get(text) ?? this.#compile(text, arrays, integers);
    this.#compiled.delete(text);
    this.#compiled.set(text, kernel);
    if (this.#compiled.size > this.limit) {
      const [[oldest, unused]] = this.#compiled;
      this.#compiled.delete(oldest);
      unused.destroy();
    }
    return kernel;
  }

  #compile(text: string, arrays: Launch['arrays'], integers: Launch['integers']): IKernelRunShortcut {
    const argumentTypes = {
      ...mapValues(arrays, () => 'Array' as const),
      ...mapValues(integers, () => 'Integer' as const),
    };
    const kernel = this.gpu.createKernel(text, {
      argumentTypes,
      precision: 'single',
      dynamicOutput: true,
      dynamicArguments: true,
    });
    kernel.setLoopMaxIterations(MAX_ITERATIONS);
    if ('moduleCacheLimit' in kernel.kernel) kernel.kernel.moduleCacheLimit = MAX_SIZES;
    return kernel;
  }
}

const mapValues = <V, W>(record: Readonly<Record<string, V>>, f: (value: V) => W): Record<string, W> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));

function floats(y: unknown, length: number): Float32Array {
  if (y instanceof Float32Array && y.length === length) return y;
  throw new Error(`gpujs: expected ${length} elements from a kernel, got ${String(y)}.`);
}
