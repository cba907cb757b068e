import { cpu } from '@tensorloom/backend-cpu';
import type { Backend } from 'tensorloom';
import type { BackendName } from './backends.js';

/** How each backend is opened; the code of others than the CPU's is loaded then. */
const openers: Readonly<Record<BackendName, () => Promise<Backend>>> = {
  cpu: () => cpu(),
  'tfjs-wasm': async () => (await import('./tfjs-wasm.js')).tfjsWasm(),
  'tfjs-webgl': async () => (await import('@tensorloom/backend-tfjs')).tfjs('webgl'),
  'tfjs-webgpu': async () => (await import('@tensorloom/backend-tfjs')).tfjs('webgpu'),
  'gpujs-webgl2': async () => (await import('@tensorloom/backend-gpujs')).gpujs({ mode: 'webgl2' }),
  'gpujs-webgpu': async () => (await import('@tensorloom/backend-gpujs')).gpujs({ mode: 'webgpu' }),
};

/** Opens a backend. Rejects with an `Error` that says why, when it does not run here. */
export const openBackend = (name: BackendName): Promise<Backend> => openers[name]();
