import * as tf from '@tensorflow/tfjs-core';

/** The engines of tfjs that a backend can run on. */
export type EngineName = 'cpu' | 'wasm' | 'webgl' | 'webgpu';

const loaders: Record<EngineName, () => Promise<unknown>> = {
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
  wasm: () => import('@tensorflow/tfjs-backend-wasm'),
  webgl: () => optional('@tensorflow/tfjs-backend-webgl'),
  webgpu: () => optional('@tensorflow/tfjs-backend-webgpu'),
};

/** A package that users install when they want its engine; its name is not known to the compiler, nor wanted in bundles. */
const optional = (name: string): Promise<unknown> => import(/* @vite-ignore */ name);

/** Settles, and never rejects, when all engines so far have started or failed to: tfjs starts one at a time. */
let starting: Promise<unknown> = Promise.resolve();

/**
 * Loads and starts an engine. Rejects with an `Error` when its package is not installed or it cannot run here. While tfjs starts one
 * engine it cannot run another: start them all before running anything.
 */
export function startEngine(name: EngineName): Promise<void> {
  const started = starting.then(() => start(name));
  starting = started.catch(() => undefined);
  return started;
}

async function start(name: EngineName): Promise<void> {
  if (!Object.hasOwn(loaders, name))
    throw new Error(`tfjs: '${name}' is not an engine. Use one of ${Object.keys(loaders).join(', ')}.`);
  try {
    await loaders[name]();
  } catch (cause) {
    throw new Error(`tfjs: engine '${name}' could not be loaded. Install @tensorflow/tfjs-backend-${name}.`, { cause });
  }
  const started = await tf.setBackend(name);
  if (!started || tf.getBackend() !== name)
    throw new Error(
      `tfjs: engine '${name}' does not run here; tfjs would use '${tf.getBackend()}'. Choose another engine.`,
    );
  await tf.ready();
}

/** Makes a started engine the one that runs now: tfjs has one current engine per process, sessions may use several. */
export function activate(name: EngineName): void {
  // Of an engine that runs already this takes effect at once; the promise is only for those that still have to start.
  if (tf.getBackend() !== name) void tf.setBackend(name);
}
