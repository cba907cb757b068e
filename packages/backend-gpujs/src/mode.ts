import { GPU, type IKernelRunShortcut } from 'gpu.js';
import { messageOf } from '@tensorloom/graph';

const modes = ['cpu', 'webasm', 'webgl2', 'webgpu', 'headlessgl'] as const;

/** The modes of gpu.js that a backend can run in: plain JavaScript, WebAssembly, or a GPU by way of WebGL 2, WebGPU or headless-gl. */
export type GpujsMode = (typeof modes)[number];

/** Whether a mode keeps what kernels compute on a device of its own. */
export const onGpu = (mode: GpujsMode): boolean => mode !== 'cpu' && mode !== 'webasm';

/** A GPU object in the mode asked for. Throws when gpu.js does not offer that mode here. */
export function openGpu(mode: GpujsMode): GPU {
  if (!modes.includes(mode)) throw new Error(`gpujs: '${mode}' is not a mode. Use one of ${modes.join(', ')}.`);
  try {
    return new GPU({ mode });
  } catch (cause) {
    throw new Error(
      `gpujs: mode '${mode}' does not run here: ${messageOf(cause)}. Use 'cpu', which runs everywhere, or 'webasm'.`,
      { cause },
    );
  }
}

/** The mode that a kernel really ran in. */
export function modeOf({ kernel }: IKernelRunShortcut): string {
  const kind: object = kernel.constructor;
  const mode = 'mode' in kind ? String(kind.mode) : 'unknown';
  // Kernels on WebGL of any version call themselves 'gpu': what they draw with tells.
  return mode === 'gpu' ? contextOf(kernel.context) : mode;
}

function contextOf(context: unknown): string {
  if (typeof WebGL2RenderingContext !== 'undefined' && context instanceof WebGL2RenderingContext) return 'webgl2';
  if (typeof WebGLRenderingContext !== 'undefined' && context instanceof WebGLRenderingContext) return 'webgl';
  return 'headlessgl';
}
