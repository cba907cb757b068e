export { type CpuOptions, cpu, createCpu } from './backend.js';
export type { CpuBuffer } from './handles.js';
export { loops } from './loops.js';
