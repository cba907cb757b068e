import { type DType, type Op, alongAxis, indexing } from '@tensorloom/graph';
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
import { createKernels } from './kernels/create.js';
import { elementwiseKernels } from './kernels/elementwise.js';
import { fused } from './kernels/fused.js';
import { matrixKernels } from './kernels/matrix.js';
import { plainLoops } from './kernels/plain-loops.js';
import { reduceKernels } from './kernels/reduce.js';
import { shapeKernels } from './kernels/shape.js';
import { stridedKernels } from './kernels/strided-slice.js';
import { compileLoop } from './loop/compile.js';
import { Memory } from './memory.js';
import { type Simd, type Wasm, chooseSimd, instantiate } from './wasm.js';

/** How the CPU backend runs. */
export interface CpuOptions {
  /** Threads that share the work of a kernel; default 1, which is what this version runs on. */
  readonly threads?: number;
  /** Which SIMD instructions to use; default 'auto', the fastest this engine has. Relaxed ones round a product and sum once. */
  readonly simd?: Simd | 'auto';
}

/** What all backends of the process share: one memory, and the code that works on it. */
let memory: Memory | undefined;
const code = new Map<Simd, { readonly wasm: Wasm; readonly compiler: Compiler }>();

class CpuBackend implements Backend<CpuBuffer> {
  readonly name = 'cpu';
  readonly description: string;
  readonly dtypes: ReadonlySet<DType> = new Set<DType>(['float32', 'float64', 'int32', 'bool']);
  readonly kernels: ReadonlyMap<Op, Kernel<CpuBuffer>>;
  readonly #handles: Handles;
  readonly #cpu: Cpu;

  constructor(simd: Simd) {
    memory ??= new Memory();
    let shared = code.get(simd);
    if (shared === undefined) {
      shared = { wasm: instantiate(simd, memory), compiler: new Compiler(memory, simd === 'relaxed') };
      code.set(simd, shared);
    }
    this.description = `WebAssembly with ${simd === 'relaxed' ? 'relaxed ' : ''}SIMD, one thread`;
    this.#handles = new Handles(memory);
    const cpu: Cpu = { memory, handles: this.#handles, ...shared };
    this.#cpu = cpu;
    this.kernels = new Map([
      ...elementwiseKernels(cpu),
      ...shapeKernels(cpu),
      ...reduceKernels(cpu),
      ...matrixKernels(cpu),
      ...createKernels(cpu),
      ...stridedKernels(cpu),
      ...[...Object.values(indexing), ...Object.values(alongAxis)].map((op: Op): [Op, Kernel<CpuBuffer>] => [
        op,
        plainLoops(cpu, op),
      ]),
      ...[indexing.tensorScatterUpdate, indexing.tensorScatterAdd].map((op): [Op, Kernel<CpuBuffer>] => [
        op,
        plainLoops(cpu, op, undefined, true),
      ]),
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

/**
 * A backend of WebAssembly SIMD kernels for Node and browsers. Backends of one process share their memory, each counting its
 * own handles. Throws `RangeError` for options that this version cannot meet, `Error` when the engine lacks the instructions.
 */
export function createCpu({ threads = 1, simd = 'auto' }: CpuOptions = {}): Backend<CpuBuffer> {
  if (threads !== 1) {
    throw new RangeError(`cpu: threads is ${threads}, but this version runs on one thread. Leave it out, or use 1.`);
  }
  return new CpuBackend(chooseSimd(simd));
}

/** `createCpu` as a promise, like the backends that need time to start. */
export const cpu = async (options: CpuOptions = {}): Promise<Backend<CpuBuffer>> => createCpu(options);
