export { tfjs } from './backend.js';
export type { EngineName } from './engine.js';
export type { Handle } from './handles.js';
