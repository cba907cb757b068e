import type { Op } from '@tensorloom/graph';
import { type Backend, type Kernel, hostKernels } from '@tensorloom/runtime';
import { KernelCache } from './kernel-cache.js';
import { type Handle, Handles } from './handles.js';
import { gpuKernel, hostKernel } from './kernel.js';
import { aliasKernels } from './kernels/alias.js';
import { biasAddPlan, elementwisePlans, mixedPlans } from './kernels/elementwise.js';
import { matrixPlans } from './kernels/matmul.js';
import { reducePlans, sumToPlan } from './kernels/reduce.js';
import { type GpujsMode, openGpu } from './mode.js';

export interface GpujsOptions {
  /** Where kernels run; gpu.js never gets to choose another mode by itself. */
  readonly mode: GpujsMode;
}

const plans = [...elementwisePlans, ...mixedPlans, ...biasAddPlan, ...matrixPlans, ...reducePlans, ...sumToPlan];

/**
 * A backend on gpu.js, in one of its modes. It holds float32, int32 and bool. Arithmetic of float32 runs in gpu.js kernels, in
 * float32; what moves elements, integers and booleans is computed in host memory. Rejects with an `Error` when the mode does not
 * run here, or gpu.js would run another one.
 */
export async function gpujs({ mode }: GpujsOptions): Promise<Backend<Handle>> {
  const handles = new Handles();
  const kernels = new KernelCache(openGpu(mode), mode);
  try {
    await probe(kernels);
  } catch (e) {
    kernels.dispose();
    throw e;
  }
  const table = new Map<Op, Kernel<Handle>>([
    ...Array.from(hostKernels.keys(), (op): [Op, Kernel<Handle>] => [op, hostKernel(op, handles)]),
    ...plans.map(([op, plan]): [Op, Kernel<Handle>] => [op, gpuKernel(op, plan, handles, kernels)]),
  ]);
  return {
    name: `gpujs-${mode}`,
    description: `gpu.js in mode ${mode}`,
    dtypes: new Set(['float32', 'int32', 'bool']),
    kernels: new Map([...table, ...aliasKernels(handles, table)]),
    upload: ({ dtype, shape, data }) => handles.hold({ dtype, shape, data: data.slice() }),
    download(x) {
      const { dtype, shape, data } = handles.read(x);
      return { dtype, shape, data: data.slice() };
    },
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
  const [y] = await kernels.run(
    { body: 'return xs[this.thread.x] + 1;', arrays: { xs: Float32Array.of(1) }, integers: {} },
    1,
  );
  if (y !== 2) throw new Error(`gpujs: mode '${kernels.mode}' computes 1 + 1 = ${y}. Choose another mode.`);
}
