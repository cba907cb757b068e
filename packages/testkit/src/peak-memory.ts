import type { Backend, Kernel } from '@tensorloom/runtime';

/** A backend that notes how many bytes it holds at most. */
export interface MeteredBackend<B> extends Backend<B> {
  /** The most bytes that were live after any upload or kernel since the last `reset`. */
  peak(): number;
  /** Starts measuring anew, from what is live now. */
  reset(): void;
}

/**
 * `backend`, with its bytes looked at after every upload and every kernel: those of its `stats`, or what `measure` says. Handles are
 * those of `backend`.
 */
export function metered<B>(
  backend: Backend<B>,
  measure: () => number = () => backend.stats().bytes,
): MeteredBackend<B> {
  let most = 0;
  const note = <T>(result: T): T => {
    most = Math.max(most, measure());
    return result;
  };
  const noted =
    (kernel: Kernel<B>): Kernel<B> =>
    (inputs, call) => {
      const result = kernel(inputs, call);
      return result instanceof Promise ? result.then(note) : note(result);
    };
  return {
    name: backend.name,
    description: backend.description,
    dtypes: backend.dtypes,
    kernels: new Map([...backend.kernels].map(([op, kernel]) => [op, noted(kernel)])),
    upload: (tensor) => note(backend.upload(tensor)),
    download: (tensor) => backend.download(tensor),
    retain: (tensor) => backend.retain(tensor),
    free: (tensor) => backend.free(tensor),
    stats: () => backend.stats(),
    dispose: () => backend.dispose(),
    peak: () => most,
    reset: () => void (most = measure()),
  };
}
