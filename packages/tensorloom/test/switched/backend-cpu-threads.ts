import type { Backend } from '@tensorloom/runtime';
import { type CpuBuffer, type CpuOptions, createCpu as alone } from '../../../backend-cpu/src/index.js';

export { type CpuBuffer, type CpuOptions, loops } from '../../../backend-cpu/src/index.js';

/** The backend on three threads, unless a test says otherwise. */
export const createCpu = (options: CpuOptions = {}): Backend<CpuBuffer> => alone({ threads: 3, ...options });

export const cpu = async (options: CpuOptions = {}): Promise<Backend<CpuBuffer>> => createCpu(options);
