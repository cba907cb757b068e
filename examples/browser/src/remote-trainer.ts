import type { BackendName } from './backends.js';
import type { Reply, ReplyOf, Request } from './messages.js';

/** Where a trainer runs: beside the page, or on its own thread. */
export type Place = 'worker' | 'page';

/** How long a backend may take to start, its code to come over the network included; in milliseconds. */
const patience = 60_000;

/** The page's end of a trainer. */
export class RemoteTrainer {
  /** Hears every reply. */
  onReply: (reply: Reply) => void = () => undefined;
  readonly #port: MessagePort;
  readonly #end: () => void;
  readonly #awaited: { readonly kind: Reply['kind']; readonly settle: (reply: Reply) => void }[] = [];

  private constructor(
    readonly place: Place,
    port: MessagePort,
    end: () => void,
  ) {
    this.#port = port;
    this.#end = end;
    port.onmessage = ({ data }: MessageEvent<Reply>) => this.#hear(data);
  }

  /**
   * A trainer on a backend, in a worker where that backend runs in one, else on the page's own thread. Rejects with an `Error` that
   * says why, when it runs on neither. The description is the backend's own, of what really runs.
   */
  static async open(backend: BackendName): Promise<{ readonly trainer: RemoteTrainer; readonly description: string }> {
    try {
      return await RemoteTrainer.#inWorker().#open(backend);
    } catch {
      return (await RemoteTrainer.#onPage()).#open(backend);
    }
  }

  async #open(backend: BackendName): Promise<{ readonly trainer: RemoteTrainer; readonly description: string }> {
    const late: Reply = { kind: 'failed', reason: `It did not start within ${patience / 1000} s.` };
    const timer = setTimeout(() => this.#hear(late), patience);
    try {
      const { description } = await this.ask({ kind: 'open', backend }, 'opened');
      return { trainer: this, description };
    } catch (error) {
      this.end();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Throws where there are no workers. */
  static #inWorker(): RemoteTrainer {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(new URL('./trainer.worker.ts', import.meta.url), { type: 'module' });
    const trainer = new RemoteTrainer('worker', port1, () => {
      port1.close();
      worker.terminate();
    });
    worker.onerror = ({ message }) => trainer.#hear({ kind: 'failed', reason: `The worker did not start. ${message}` });
    worker.postMessage(undefined, [port2]);
    return trainer;
  }

  static async #onPage(): Promise<RemoteTrainer> {
    const { serveTrainer } = await import('./trainer.js');
    const { port1, port2 } = new MessageChannel();
    serveTrainer(port2);
    return new RemoteTrainer('page', port1, () => port1.postMessage({ kind: 'close' } satisfies Request));
  }

  /** Sends a request; what comes of it is heard by `onReply`. */
  send(request: Request): void {
    this.#port.postMessage(request);
  }

  /** Sends a request, and waits for the next reply of a kind. Rejects with an `Error` when the trainer fails before. */
  ask<K extends Reply['kind']>(request: Request, kind: K): Promise<ReplyOf<K>> {
    return new Promise((resolve, reject) => {
      const settle = (reply: Reply): void => {
        if (isOf(reply, kind)) resolve(reply);
        else if (reply.kind === 'failed') reject(new Error(reply.reason));
      };
      this.#awaited.push({ kind, settle });
      this.send(request);
    });
  }

  /** Ends it at once where it runs in a worker, else after the step at hand. What was asked of it and not answered rejects. */
  end(): void {
    this.onReply = () => undefined;
    this.#hear({ kind: 'failed', reason: 'The trainer was ended.' });
    this.#end();
  }

  #hear(reply: Reply): void {
    const settled = this.#awaited.filter(({ kind }) => reply.kind === 'failed' || kind === reply.kind);
    for (const awaited of settled) {
      this.#awaited.splice(this.#awaited.indexOf(awaited), 1);
      awaited.settle(reply);
    }
    this.onReply(reply);
  }
}

const isOf = <K extends Reply['kind']>(reply: Reply, kind: K): reply is ReplyOf<K> => reply.kind === kind;
