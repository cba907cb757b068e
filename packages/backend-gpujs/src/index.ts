export { gpujs, type GpujsOptions } from './backend.js';
export type { Handle } from './handles.js';
export type { GpujsMode } from './mode.js';
