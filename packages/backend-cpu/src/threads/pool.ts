import type { Memory } from '../memory.js';
import { type Thread, startWorker } from './start-worker.js';

/** A function of a module that works on rows `begin` to before `end`; `args` is the address of what else it needs. */
export type Job = (begin: number, end: number, thread: number, args: number) => void;

/** A module for all threads. */
export interface Shared {
  readonly module: WebAssembly.Module;
  /** The functions it imports from `env` besides the memory: by name, those that were added before. */
  readonly imports: readonly { readonly name: string; readonly from: number }[];
  /** The functions that it adds. */
  readonly exports: readonly string[];
}

/** Bytes of the control block for each worker: a cache line. */
const LINE = 64;
/** Words of a worker in the control block: what it does, then its job, its rows, its arguments, and messages read and sent. */
const STATE = 0;
const FUNCTION = 1;
const BEGIN = 2;
const END = 3;
const ARGUMENTS = 4;
const READ = 5;
const SENT = 6;
/** States: waits, works, reads its messages (and takes no jobs), has failed. */
const IDLE = 0;
const WORKING = 1;
const READING = 2;
const FAILED = 3;

/** How often a thread looks for something to happen before it goes to sleep: about a millisecond, what a step of training has between jobs. */
const SPINS = 250_000;

interface PoolWorker {
  readonly thread: Thread;
  /** The first of its words. */
  readonly at: number;
  /** How many messages it was sent. */
  sent: number;
}

/**
 * The threads of the process: this one, and workers that are started when there is first something for them to do. They work on
 * disjoint rows of one job at a time, and have instances of the modules of their own, of which they are told by messages.
 * A worker that is not ready is not waited for.
 */
export class Pool {
  readonly #workers: PoolWorker[] = [];
  readonly #shared: Shared[] = [];
  #functions = 0;
  #failed = false;

  constructor(readonly memory: Memory) {}

  /** Tells all threads of a module. Returns the number of its first function. */
  add(shared: Shared): number {
    const first = this.#functions;
    this.#functions += shared.exports.length;
    this.#shared.push(shared);
    for (const worker of this.#workers) this.#post(worker, shared);
    return first;
  }

  /**
   * Runs a job over `rows` rows on up to `threads` threads, in pieces of multiples of `grain` rows. `job` is the function with number
   * `id` on this thread, the first one. Throws what the job throws here, and `WebAssembly.RuntimeError` when it fails elsewhere.
   */
  run(id: number, job: Job, threads: number, rows: number, grain: number, args: number): void {
    const helpers = this.#ready(Math.min(threads, Math.floor(rows / grain)) - 1);
    if (helpers.length === 0) {
      job(0, rows, 0, args);
      return;
    }
    const words = this.memory.views.int32;
    const grains = Math.ceil(rows / grain);
    const cut = (i: number): number => Math.min(rows, Math.round((grains * i) / (helpers.length + 1)) * grain);
    helpers.forEach(({ at }, i) => {
      words[at + FUNCTION] = id;
      words[at + BEGIN] = cut(i + 1);
      words[at + END] = cut(i + 2);
      words[at + ARGUMENTS] = args;
      Atomics.store(words, at + STATE, WORKING);
      Atomics.notify(words, at + STATE);
    });
    let failure: Error | undefined;
    try {
      job(0, cut(1), 0, args);
    } catch (e) {
      failure = e instanceof Error ? e : new Error(String(e));
    }
    for (const { at } of helpers) {
      if (this.#await(words, at) !== FAILED) continue;
      Atomics.store(words, at + STATE, IDLE);
      failure ??= new WebAssembly.RuntimeError('cpu: a thread failed.');
    }
    if (failure !== undefined) throw failure;
  }

  /**
   * Those of the first `count` workers that have nothing to do and know all modules; starts those that are missing. Others do not stand
   * in for them: a job has room for its threads by their numbers.
   */
  #ready(count: number): PoolWorker[] {
    while (this.#workers.length < count && !this.#failed && this.memory.isShared) this.#start();
    const words = this.memory.views.int32;
    const isReady = ({ at, sent }: PoolWorker): boolean =>
      Atomics.load(words, at + STATE) === IDLE && Atomics.load(words, at + READ) === sent;
    return this.#workers.slice(0, Math.max(0, count)).filter(isReady);
  }

  #start(): void {
    const thread = startWorker();
    if (thread === undefined) {
      this.#failed = true;
      return;
    }
    // Aligned to a cache line of its own, so that threads do not slow each other down.
    const { address } = this.memory.allocate(2 * LINE);
    const at = (Math.ceil(address / LINE) * LINE) / 4;
    this.memory.views.int32.fill(0, at, at + LINE / 4);
    this.memory.views.int32[at + STATE] = READING;
    const worker = { thread, at, sent: 0 };
    this.#workers.push(worker);
    this.#post(worker, { memory: this.memory.memory, at, thread: this.#workers.length, spins: SPINS });
    for (const shared of this.#shared) this.#post(worker, shared);
  }

  /** Sends a message to a worker, which reads it before it takes another job. */
  #post(worker: PoolWorker, message: unknown): void {
    const words = this.memory.views.int32;
    // A worker that has not read all it was sent does not wait, whatever it finds its state to be.
    Atomics.store(words, worker.at + SENT, ++worker.sent);
    Atomics.store(words, worker.at + STATE, READING);
    Atomics.notify(words, worker.at + STATE);
    worker.thread.post(message);
  }

  /** Waits for a worker, and returns the state that it ended in. */
  #await(words: Int32Array, at: number): number {
    for (;;) {
      for (let left = SPINS; left > 0; left--) {
        const state = Atomics.load(words, at + STATE);
        if (state !== WORKING) return state;
      }
      sleep(words, at + STATE);
    }
  }
}

/** Sleeps while a worker works, where this thread may. */
function sleep(words: Int32Array, at: number): void {
  try {
    Atomics.wait(words, at, WORKING);
  } catch {
    // The main thread of a page may not; it looks on.
  }
}
