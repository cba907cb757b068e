import { elementwise, matrix } from '@tensorloom/graph';
import type { ConformanceOptions } from '@tensorloom/testkit';

/** GPUs keep neither NaN nor subnormal numbers everywhere, and compute functions to about 1e-4. */
const gpu: ConformanceOptions = {
  specials: false,
  tolerance: { rtol: 1e-4, atol: 1e-4 },
  // Near its poles the tangent is as far off as the angle, which is reduced in float32.
  exceptions: new Map([[elementwise.tan, { rtol: 1e-3 }]]),
};

/** Kernels of our own for GPUs handle NaN and infinities; of large terms that cancel, sums in float32 leave less than the reference's in double precision. */
const ownOnGpu: ConformanceOptions = {
  subnormals: false,
  tolerance: { rtol: 1e-4, atol: 1e-4 },
  exceptions: new Map([[matrix.matmul, { specials: false }]]),
};

const exceptions: Readonly<Record<string, ConformanceOptions>> = {
  'tfjs-webgl': gpu,
  'tfjs-webgpu': gpu,
  'gpujs-webgl2': ownOnGpu,
  'gpujs-webgpu': ownOnGpu,
};

/** What a backend may do differently. */
export const exceptionsOf = (name: string): ConformanceOptions => exceptions[name] ?? {};
