import { createCpu } from '@tensorloom/backend-cpu';
import { type SessionOptions as Options, Session as RuntimeSession } from '@tensorloom/runtime';

/** Options of a session; without a backend it runs on the CPU backend, which also takes what `allowSoftPlacement` takes off another. */
export type SessionOptions = Options;

/**
 * Runs parts of a graph, and holds the values of its variables; on the CPU backend unless another is given. Close it to give its
 * memory back. TensorFlow: `tf.Session`.
 */
export class Session extends RuntimeSession {
  constructor(options: SessionOptions = {}) {
    super(withCpu(options));
  }
}

/** The CPU backend is the one where none is given, and there to fall back on where placement is soft. */
function withCpu(options: SessionOptions): SessionOptions {
  const { backend, ...rest } = options;
  const { backends, allowSoftPlacement = false } = rest;
  if (backend === undefined && backends === undefined) return { ...rest, backend: createCpu() };
  if (!allowSoftPlacement || (backend !== undefined && backends !== undefined)) return options;
  const given = backends ?? (backend === undefined ? {} : { [backend.name]: backend });
  return 'cpu' in given ? options : { ...rest, backends: { ...given, cpu: createCpu() } };
}
