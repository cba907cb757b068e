import type { Backend } from '@tensorloom/runtime';
import { type CpuBuffer, type CpuOptions, createCpu as fastest } from '../../../backend-cpu/src/index.js';

export { type CpuBuffer, type CpuOptions, loops } from '../../../backend-cpu/src/index.js';

/** The backend on one thread, without relaxed SIMD, fused kernels and compiled loops, unless a test says otherwise. */
export const createCpu = (options: CpuOptions = {}): Backend<CpuBuffer> => {
  const backend: Backend<CpuBuffer> = fastest({ threads: 1, simd: 'plain', ...options });
  return Object.assign(backend, { fuse: undefined, compileLoop: undefined });
};

export const cpu = async (options: CpuOptions = {}): Promise<Backend<CpuBuffer>> => createCpu(options);
