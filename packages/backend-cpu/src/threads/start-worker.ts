import { workerSource } from './worker-source.js';

/** A worker, as far as the pool needs it. */
export interface Thread {
  post(message: unknown): void;
}

/** Starts a worker that does not keep a program from ending; `undefined` where none can be started. */
export function startWorker(): Thread | undefined {
  try {
    return startInNode() ?? startInBrowser();
  } catch {
    // A page may forbid workers.
    return undefined;
  }
}

function startInNode(): Thread | undefined {
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function') return undefined;
  const { Worker: NodeWorker } = process.getBuiltinModule('node:worker_threads');
  const worker = new NodeWorker(workerSource, { eval: true, execArgv: [], env: {} });
  worker.unref();
  // A worker that fails to start is never ready, so that others do its work; unheard, its error would end the program.
  worker.on('error', () => undefined);
  return {
    post: (message) => {
      worker.postMessage(message);
    },
  };
}

function startInBrowser(): Thread | undefined {
  if (typeof Worker === 'undefined' || typeof Blob === 'undefined') return undefined;
  const worker = new Worker(URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' })));
  return {
    post: (message) => {
      worker.postMessage(message);
    },
  };
}
