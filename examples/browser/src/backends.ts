import type { Backend } from 'tensorloom';

/** A backend that the page offers; its code is loaded when it is opened. */
export interface OfferedBackend {
  readonly label: string;
  readonly about: string;
  /** Rejects with an `Error` that says why, when it does not run here. */
  readonly open: () => Promise<Backend>;
}

/** What the menu offers, in its order. */
export const backends = {
  cpu: {
    label: 'CPU',
    about: 'Tensorloom’s own kernels, WebAssembly with SIMD',
    open: async () => (await import('@tensorloom/backend-cpu')).cpu(),
  },
  'tfjs-wasm': {
    label: 'TensorFlow.js, Wasm',
    about: 'the same processor, the kernels of XNNPACK',
    open: async () => (await import('./tfjs-wasm.js')).tfjsWasm(),
  },
  'tfjs-webgl': {
    label: 'TensorFlow.js, WebGL',
    about: 'the graphics processor, by way of WebGL 2',
    open: async () => (await import('@tensorloom/backend-tfjs')).tfjs('webgl'),
  },
  'tfjs-webgpu': {
    label: 'TensorFlow.js, WebGPU',
    about: 'the graphics processor, by way of WebGPU',
    open: async () => (await import('@tensorloom/backend-tfjs')).tfjs('webgpu'),
  },
  'gpujs-webgl2': {
    label: 'gpu.js, WebGL 2',
    about: 'kernels written as functions, compiled to shaders',
    open: async () => (await import('@tensorloom/backend-gpujs')).gpujs({ mode: 'webgl2' }),
  },
  'gpujs-webgpu': {
    label: 'gpu.js, WebGPU',
    about: 'the same functions as compute shaders',
    open: async () => (await import('@tensorloom/backend-gpujs')).gpujs({ mode: 'webgpu' }),
  },
} satisfies Record<string, OfferedBackend>;

/** A name of one of `backends`. */
export type BackendName = keyof typeof backends;

/** The names of `backends`, in the menu's order. */
export const backendNames: readonly BackendName[] = Object.keys(backends).filter((name): name is BackendName =>
  Object.hasOwn(backends, name),
);
