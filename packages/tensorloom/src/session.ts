import { createCpu } from '@tensorloom/backend-cpu';
import { type SessionOptions as Options, Session as RuntimeSession } from '@tensorloom/runtime';

/** Options of a session; without a backend it runs on the CPU backend. */
export type SessionOptions = Partial<Options>;

/**
 * Runs parts of a graph, and holds the values of its variables; on the CPU backend unless another is given. Close it to give its
 * memory back. TensorFlow: `tf.Session`.
 */
export class Session extends RuntimeSession {
  constructor({ backend = createCpu(), ...options }: SessionOptions = {}) {
    super({ backend, ...options });
  }
}
