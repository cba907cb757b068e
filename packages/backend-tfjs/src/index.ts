export { tfjs } from './backend.js';
export type { EngineName, EngineOptions } from './engine.js';
export type { Handle } from './handles.js';
export { onTensors } from './on-tensors.js';
