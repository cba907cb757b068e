/** A backend that the page offers. */
export interface OfferedBackend {
  readonly label: string;
  readonly about: string;
}

/** What the menu offers, in its order. */
export const backends = {
  cpu: {
    label: 'CPU',
    about: 'Tensorloom’s own kernels, WebAssembly with SIMD',
  },
  'tfjs-wasm': {
    label: 'tfjs, Wasm',
    about: 'TensorFlow.js on the same processor',
  },
  'tfjs-webgl': {
    label: 'tfjs, WebGL',
    about: 'TensorFlow.js on the graphics processor, by way of WebGL 2',
  },
  'tfjs-webgpu': {
    label: 'tfjs, WebGPU',
    about: 'TensorFlow.js on the graphics processor, by way of WebGPU',
  },
  'gpujs-webgl2': {
    label: 'gpu.js, WebGL 2',
    about: 'kernels written as functions, compiled to shaders',
  },
  'gpujs-webgpu': {
    label: 'gpu.js, WebGPU',
    about: 'the same functions as compute shaders',
  },
} satisfies Record<string, OfferedBackend>;

/** A name of one of `backends`. */
export type BackendName = keyof typeof backends;

/** The names of `backends`, in the menu's order. */
export const backendNames: readonly BackendName[] = Object.keys(backends).filter((name): name is BackendName =>
  Object.hasOwn(backends, name),
);
