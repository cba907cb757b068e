import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { tfjs } from '@tensorloom/backend-tfjs';
import type { Backend } from 'tensorloom';

/** tfjs's WebAssembly engine, with its binaries where the built page has them. It uses threads where memory may be shared. */
export const tfjsWasm = (): Promise<Backend> =>
  tfjs('wasm', {
    wasmPaths: {
      'tfjs-backend-wasm.wasm': plain,
      'tfjs-backend-wasm-simd.wasm': simd,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
    },
  });
