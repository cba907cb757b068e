import type { Op } from '@tensorloom/graph';
import { type Backend, hostKernels } from '@tensorloom/runtime';
import { type EngineName, type EngineOptions, activate, describeEngine, reads, startEngine } from './engine.js';
import { type Handle, Handles, fromHost, toHost } from './handles.js';
import { hostReason } from './host-reason.js';
import { type TensorKernel, onEngine } from './kernel.js';
import { alongAxisKernels } from './kernels/along-axis.js';
import { createKernels } from './kernels/create.js';
import { elementwiseKernels, mixedKernels } from './kernels/elementwise.js';
import { indexingKernels } from './kernels/gather.js';
import { matrixKernels } from './kernels/matmul.js';
import { reduceKernels } from './kernels/reduce.js';
import { shapeKernels } from './kernels/shape.js';
import { stridedKernels } from './kernels/strided-slice.js';

const kernels: ReadonlyMap<Op, TensorKernel> = new Map([
  ...elementwiseKernels,
  ...mixedKernels,
  ...shapeKernels,
  ...stridedKernels,
  ...reduceKernels,
  ...matrixKernels,
  ...createKernels,
  ...indexingKernels,
  ...alongAxisKernels,
]);

/**
 * A backend on an engine of tfjs: 'cpu', 'wasm', or, in a browser and with their packages installed, 'webgl' and 'webgpu'. It holds
 * float32, int32 and bool; what an engine cannot do exactly it computes in host memory, `inHostMemory` says what and why. Rejects with
 * an `Error` when the engine cannot be loaded or does not run here: it never falls back to another.
 */
export async function tfjs(engine: EngineName, options: EngineOptions = {}): Promise<Backend<Handle>> {
  await startEngine(engine, options);
  const handles = new Handles(engine);
  return {
    name: `tfjs-${engine}`,
    description: `tfjs-core on its ${engine} engine${describeEngine(engine)}`,
    dtypes: new Set(['float32', 'int32', 'bool']),
    kernels: new Map(Array.from(hostKernels.keys(), (op) => [op, onEngine(op, kernels.get(op), handles)])),
    inHostMemory: (op, dtype) => hostReason(engine, op, dtype),
    upload(x) {
      activate(engine);
      return handles.wrap(fromHost(x));
    },
    download(x) {
      activate(engine);
      const t = handles.tensor(x);
      return reads[engine] === 'at once'
        ? toHost(x, t.dataSync<'float32'>())
        : t.data<'float32'>().then((data) => toHost(x, data));
    },
    retain(x) {
      activate(engine);
      return handles.retain(x);
    },
    free(x) {
      activate(engine);
      handles.free(x);
    },
    stats: () => handles.stats(),
    dispose: () => undefined,
  };
}
