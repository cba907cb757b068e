import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '@tensorloom/graph';

/** The engines of tfjs that a backend can run on. */
export type EngineName = 'cpu' | 'wasm' | 'webgl' | 'webgpu';

/** Whether an engine's results can be read at once, or have to be waited for. */
export const reads: Readonly<Record<EngineName, 'at once' | 'later'>> = {
  cpu: 'at once',
  wasm: 'at once',
  webgl: 'later',
  webgpu: 'later',
};

/** How an engine starts. */
export interface EngineOptions {
  /**
   * Where engine 'wasm' finds its WebAssembly files: a folder, ending in '/', or the address of each. Node finds them by itself; for a
   * page they are in `@tensorflow/tfjs-backend-wasm/dist/`. In a page that shares memory tfjs starts threads from the text of its own
   * functions, which minifiers break; `examples/browser/vite.config.ts` shows a remedy.
   */
  readonly wasmPaths?: string | Readonly<Record<string, string>>;
}

/** Loads an engine's package. `import` is written out for each, so that bundlers see it, and inside `try`, so that they do without those that are not installed. */
async function load(name: EngineName, { wasmPaths }: EngineOptions): Promise<void> {
  try {
    switch (name) {
      case 'cpu':
        await import('@tensorflow/tfjs-backend-cpu');
        return;
      case 'wasm': {
        const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
        if (wasmPaths !== undefined) setWasmPaths(wasmPaths);
        return;
      }
      case 'webgl':
        await import('@tensorflow/tfjs-backend-webgl');
        return;
      case 'webgpu':
        await import('@tensorflow/tfjs-backend-webgpu');
        return;
    }
  } catch (cause) {
    throw new Error(`tfjs: engine '${name}' could not be loaded. Install @tensorflow/tfjs-backend-${name}.`, { cause });
  }
}

/** Settles, and never rejects, when all engines so far have started or failed to: tfjs starts one at a time. */
let starting: Promise<unknown> = Promise.resolve();

/**
 * Loads and starts an engine. Rejects with an `Error` when its package is not installed or it cannot run here. While tfjs starts one
 * engine it cannot run another: start them all before running anything.
 */
export function startEngine(name: EngineName, options: EngineOptions = {}): Promise<void> {
  const started = starting.then(() => start(name, options));
  starting = started.catch(() => undefined);
  return started;
}

async function start(name: EngineName, options: EngineOptions): Promise<void> {
  if (!Object.hasOwn(reads, name))
    throw new Error(`tfjs: '${name}' is not an engine. Use one of ${Object.keys(reads).join(', ')}.`);
  await load(name, options);
  let cause: unknown;
  try {
    const started = await tf.setBackend(name);
    await tf.ready();
    if (started && tf.getBackend() === name) return;
  } catch (e) {
    cause = e;
  }
  const why = cause === undefined ? '' : `: ${messageOf(cause)}`;
  throw new Error(`tfjs: engine '${name}' does not run here${why}. Choose another engine.`, { cause });
}

/** Makes a started engine the one that runs now: tfjs has one current engine per process, sessions may use several. */
export function activate(name: EngineName): void {
  // Of an engine that runs already this takes effect at once; the promise is only for those that still have to start.
  if (tf.getBackend() !== name) void tf.setBackend(name);
}

/** Which device a running engine of a browser has, as far as it tells; to be put behind its name. */
export function describeEngine(name: EngineName): string {
  const { backend } = tf.engine();
  if (name === 'webgl' && 'gpgpu' in backend) {
    const { gl } = backend.gpgpu as { readonly gl: WebGLRenderingContext };
    const found: unknown = gl.getParameter(
      gl.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER,
    );
    return ` (${String(found)})`;
  }
  if (name === 'webgpu' && 'adapterInfo' in backend) {
    const { vendor, architecture } = backend.adapterInfo as { readonly vendor: string; readonly architecture: string };
    return ` (${vendor} ${architecture})`;
  }
  return '';
}
