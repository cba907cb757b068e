import type { Backend } from '@tensorloom/runtime';
import { type Handle, Handles } from './handles.js';
import { inHostMemory } from './in-host-memory.js';
import { KernelCache } from './kernel-cache.js';
import { kernelsFor } from './kernels/index.js';
import { regionKernel } from './kernels/region.js';
import { chain } from './maybe-promise.js';
import { type GpujsMode, openGpu } from './mode.js';

/** How the gpu.js backend runs. */
export interface GpujsOptions {
  /** Where kernels run; gpu.js never gets to choose another mode by itself. */
  readonly mode: GpujsMode;
}

/**
 * A backend on gpu.js, in one of its modes. It holds float32, int32 and bool; kernels generated for gpu.js compute float32 and bool, and
 * what they compute stays where the mode keeps it: in textures of WebGL, in buffers of WebGPU. Arithmetic of integers, which float32
 * does not hold beyond 2^24, is done in host memory; `inHostMemory` says of each op whether it is, and why. Rejects with an `Error`
 * when the mode does not run here, or gpu.js would run another one.
 */
export async function gpujs({ mode }: GpujsOptions): Promise<Backend<Handle>> {
  const kernels = new KernelCache(openGpu(mode), mode);
  try {
    await probe(kernels);
  } catch (e) {
    kernels.dispose();
    throw e;
  }
  const handles = new Handles(kernels);
  return {
    name: `gpujs-${mode}`,
    description: `gpu.js in mode ${mode}`,
    dtypes: new Set(['float32', 'int32', 'bool']),
    kernels: kernelsFor(handles),
    inHostMemory,
    fuse: (region) => regionKernel(region, handles),
    upload: ({ dtype, shape, data }) => handles.hold({ dtype, shape, data: data.slice() }),
    download: (x) => chain(handles.read(x), ({ dtype, shape, data }) => ({ dtype, shape, data: data.slice() })),
    retain: (x) => handles.retain(x),
    free: (x) => handles.free(x),
    stats: () => handles.stats(),
    dispose() {
      handles.clear();
      kernels.dispose();
    },
  };
}

/** Runs a first kernel. Throws when it does not compute, or in another mode. */
async function probe(kernels: KernelCache): Promise<void> {
  const xs = await kernels.upload(Float32Array.of(1));
  const ys = await kernels.run({ body: 'return xs[this.thread.x] + 1;', arrays: { xs }, integers: {} }, 1);
  const [y] = await ys.read();
  xs.delete();
  ys.delete();
  if (y !== 2) throw new Error(`gpujs: mode '${kernels.mode}' computes 1 + 1 = ${y}. Choose another mode.`);
}
