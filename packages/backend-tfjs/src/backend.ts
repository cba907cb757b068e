import type { Op } from '@tensorloom/graph';
import { type Backend, hostKernels } from '@tensorloom/runtime';
import { type EngineName, activate, startEngine } from './engine.js';
import { type Handle, Handles, fromHost, toHost } from './handles.js';
import { type TensorKernel, onEngine, onHost } from './kernel.js';
import { createKernels } from './kernels/create.js';
import { elementwiseKernels, mixedKernels } from './kernels/elementwise.js';
import { matrixKernels } from './kernels/matmul.js';
import { reduceKernels } from './kernels/reduce.js';
import { shapeKernels } from './kernels/shape.js';

/** Engines whose results are in host memory, so that reading them does not wait. */
const synchronous: ReadonlySet<EngineName> = new Set<EngineName>(['cpu', 'wasm']);

/**
 * A backend on an engine of tfjs: 'cpu', 'wasm', or, with their packages installed, 'webgl' and 'webgpu'. It holds float32, int32
 * and bool; ops without an engine's kernel run in host memory. Rejects with an `Error` when the engine cannot be loaded or does not run here: it never falls back to another.
 */
export async function tfjs(engine: EngineName): Promise<Backend<Handle>> {
  await startEngine(engine);
  const handles = new Handles(engine);
  const kernels = new Map([
    ...Array.from(hostKernels.keys(), (op): [Op, TensorKernel] => [op, onHost(op)]),
    ...elementwiseKernels,
    ...mixedKernels,
    ...shapeKernels,
    ...reduceKernels,
    ...matrixKernels,
    ...createKernels,
  ]);
  return {
    name: `tfjs-${engine}`,
    description: `tfjs-core on its ${engine} engine`,
    dtypes: new Set(['float32', 'int32', 'bool']),
    kernels: new Map(Array.from(kernels, ([op, kernel]) => [op, onEngine(op, kernel, engine, handles)])),
    upload(x) {
      activate(engine);
      return handles.wrap(fromHost(x));
    },
    download(x) {
      activate(engine);
      const t = handles.tensor(x);
      return synchronous.has(engine)
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
