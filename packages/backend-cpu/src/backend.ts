import type { DType, Op } from '@tensorloom/graph';
import type {
  Backend,
  ElementwiseRegion,
  HostTensor,
  Kernel,
  LoopKernel,
  MemoryStats,
  StaticLoop,
} from '@tensorloom/runtime';
import type { Cpu } from './cpu.js';
import { Compiler } from './emit/compile.js';
import { type CpuBuffer, type CpuTensor, Handles } from './handles.js';
import { alongAxisKernels } from './kernels/along-axis.js';
import { createKernels } from './kernels/create.js';
import { elementwiseKernels } from './kernels/elementwise.js';
import { fused } from './kernels/fused.js';
import { indexingKernels } from './kernels/indexing.js';
import { matrixKernels } from './kernels/matrix.js';
import { reduceKernels } from './kernels/reduce.js';
import { shapeKernels } from './kernels/shape.js';
import { stridedKernels } from './kernels/strided-slice.js';
import { compileLoop } from './loop/compile.js';
import { Memory } from './memory.js';
import { Pool } from './threads/pool.js';
import { SharedCode } from './threads/shared-code.js';
import { type Simd, chooseSimd, instantiate } from './wasm.js';

/** How the CPU backend runs. */
export interface CpuOptions {
  /**
   * Threads that share the work, this one among them, where it is large enough; results do not depend on it. Default: as many as there
   * are processors, 4 at most; always 1 where threads cannot share memory, as in a page that is served without the headers for it.
   */
  readonly threads?: number;
  /** Which SIMD instructions to use; default 'auto', the fastest this engine has. Relaxed ones round a product and sum once. */
  readonly simd?: Simd | 'auto';
}

/** Threads that are used unless one says otherwise. */
const MOST_THREADS = 4;

/** What all backends of the process share: one memory, the threads that work on it, and their code. */
let shared: { readonly memory: Memory; readonly pool: Pool } | undefined;
const codes = new Map<Simd, { readonly code: SharedCode; readonly compiler: Compiler }>();

class CpuBackend implements Backend<CpuBuffer> {
  readonly name = 'cpu';
  readonly description: string;
  readonly dtypes: ReadonlySet<DType> = new Set<DType>(['float32', 'float64', 'int32', 'bool']);
  readonly kernels: ReadonlyMap<Op, Kernel<CpuBuffer>>;
  readonly #handles: Handles;
  readonly #cpu: Cpu;

  constructor(simd: Simd, threads: number) {
    shared ??= withPool(new Memory());
    const { memory, pool } = shared;
    let known = codes.get(simd);
    if (known === undefined) {
      const code = new SharedCode(pool, instantiate(simd, memory));
      known = { code, compiler: new Compiler(memory, simd === 'relaxed') };
      codes.set(simd, known);
    }
    const { code, compiler } = known;
    const count = memory.isShared ? threads : 1;
    const instructions = simd === 'relaxed' ? 'relaxed SIMD' : 'SIMD';
    this.description = `WebAssembly with ${instructions}, ${count === 1 ? 'one thread' : `${count} threads`}`;
    this.#handles = new Handles(memory);
    const cpu: Cpu = {
      memory,
      handles: this.#handles,
      compiler,
      wasm: code.kernels.wasm,
      threads: { count, code, worth: 200_000 },
    };
    this.#cpu = cpu;
    this.kernels = new Map([
      ...elementwiseKernels(cpu),
      ...shapeKernels(cpu),
      ...reduceKernels(cpu),
      ...matrixKernels(cpu),
      ...createKernels(cpu),
      ...stridedKernels(cpu),
      ...indexingKernels(cpu),
      ...alongAxisKernels(cpu),
    ]);
  }

  fuse(region: ElementwiseRegion): Kernel<CpuBuffer> {
    return fused(this.#cpu, region);
  }

  compileLoop(loop: StaticLoop): LoopKernel<CpuBuffer> | undefined {
    return compileLoop(this.#cpu, loop);
  }

  upload(tensor: HostTensor): CpuTensor {
    return this.#handles.upload(tensor);
  }

  download(tensor: CpuTensor): HostTensor {
    return this.#handles.download(tensor);
  }

  retain(tensor: CpuTensor): CpuTensor {
    return this.#handles.view(tensor, tensor.dtype, tensor.shape);
  }

  free(tensor: CpuTensor): void {
    this.#handles.free(tensor);
  }

  stats(): MemoryStats {
    return this.#handles.stats();
  }

  dispose(): void {
    this.#handles.dispose();
  }
}

const withPool = (memory: Memory): { readonly memory: Memory; readonly pool: Pool } => ({
  memory,
  pool: new Pool(memory),
});

/**
 * A backend of WebAssembly SIMD kernels for Node and browsers. Backends of one process share their memory and threads, each counting its
 * own handles. Throws `RangeError` unless `threads` is a whole number of 1 or more, `Error` when the engine lacks the instructions.
 */
export function createCpu({ threads = processors(), simd = 'auto' }: CpuOptions = {}): Backend<CpuBuffer> {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(`cpu: expected threads to be a whole number of 1 or more, got ${threads}.`);
  }
  return new CpuBackend(chooseSimd(simd), threads);
}

const processors = (): number =>
  Math.min(MOST_THREADS, typeof navigator === 'object' ? navigator.hardwareConcurrency : parallelism());

/** Node 20 has no `navigator`. */
const parallelism = (): number =>
  typeof process === 'object' ? process.getBuiltinModule('node:os').availableParallelism() : 1;

/** `createCpu` as a promise, like the backends that need time to start. */
export const cpu = async (options: CpuOptions = {}): Promise<Backend<CpuBuffer>> => createCpu(options);
