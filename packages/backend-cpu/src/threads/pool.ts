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
/** Words of a worker in the control block: what it does, and messages read and sent. */
const STATE = 0;
const READ = 1;
const SENT = 2;
/** Words of the job at work, for all threads: its function and arguments, its rows, how they are cut, and the next piece that nobody has taken. */
const FUNCTION = 0;
const ARGUMENTS = 1;
const ROWS = 2;
const GRAIN = 3;
const PIECES = 4;
const NEXT = 5;
/** States: waits, is called to a job, reads its messages (and takes no jobs), has failed, is at work. */
const IDLE = 0;
const CALLED = 1;
const READING = 2;
const FAILED = 3;
const WORKING = 4;

/** Pieces for each thread, so that one that is held up does less, and grains that a piece should have for that. */
const PIECES_EACH = 2;
const GRAINS_EACH = 4;

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
 * The threads of the process: this one, and workers that are started when there is first something for them to do. They take
 * pieces of one job at a time, and have instances of the modules of their own, of which they are told by messages.
 * A worker that is not ready is not waited for.
 */
export class Pool {
  readonly #workers: PoolWorker[] = [];
  readonly #shared: Shared[] = [];
  #functions = 0;
  #failed = false;
  #job: number | undefined;

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
   * Runs a job over `rows` rows on up to `threads` threads, in pieces of multiples of `grain` rows, which the threads take one after the
   * other. `job` is the function with number `id` on this thread, the first one. Throws what the job throws here, and
   * `WebAssembly.RuntimeError` when it fails elsewhere.
   */
  run(id: number, job: Job, threads: number, rows: number, grain: number, args: number): void {
    const helpers = this.#ready(Math.min(threads, Math.floor(rows / grain)) - 1);
    if (helpers.length === 0) {
      job(0, rows, 0, args);
      return;
    }
    const count = helpers.length + 1;
    const grains = Math.ceil(rows / grain);
    const pieces = grains >= count * PIECES_EACH * GRAINS_EACH ? count * PIECES_EACH : count;
    const words = this.memory.views.int32;
    const at = (this.#job ??= this.#line());
    words[at + FUNCTION] = id;
    words[at + ARGUMENTS] = args;
    words[at + ROWS] = rows;
    words[at + GRAIN] = grain;
    words[at + PIECES] = pieces;
    Atomics.store(words, at + NEXT, 0);
    for (const helper of helpers) {
      Atomics.store(words, helper.at + STATE, CALLED);
      Atomics.notify(words, helper.at + STATE);
    }
    const cut = (i: number): number => Math.min(rows, Math.round((grains * i) / pieces) * grain);
    let failure: Error | undefined;
    try {
      for (let i = Atomics.add(words, at + NEXT, 1); i < pieces; i = Atomics.add(words, at + NEXT, 1)) {
        job(cut(i), cut(i + 1), 0, args);
      }
    } catch (e) {
      Atomics.store(words, at + NEXT, pieces);
      failure = e instanceof Error ? e : new Error(String(e));
    }
    for (const helper of helpers) {
      if (this.#end(words, helper.at) !== FAILED) continue;
      Atomics.store(words, helper.at + STATE, IDLE);
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
    const at = this.#line();
    this.memory.views.int32[at + STATE] = READING;
    const worker = { thread, at, sent: 0 };
    this.#workers.push(worker);
    const job = (this.#job ??= this.#line());
    this.#post(worker, { memory: this.memory.memory, at, job, thread: this.#workers.length, spins: SPINS });
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

  /** Waits until a worker has nothing to do any more; one that has not begun shall not begin. Returns the state that it ended in. */
  #end(words: Int32Array, at: number): number {
    if (Atomics.compareExchange(words, at + STATE, CALLED, IDLE) === CALLED) return IDLE;
    for (;;) {
      for (let left = SPINS; left > 0; left--) {
        const state = Atomics.load(words, at + STATE);
        if (state !== WORKING) return state;
      }
      sleep(words, at + STATE);
    }
  }

  /** The first word of a cache line of its own, so that threads do not slow each other down. */
  #line(): number {
    const { address } = this.memory.allocate(2 * LINE);
    const at = (Math.ceil(address / LINE) * LINE) / 4;
    this.memory.views.int32.fill(0, at, at + LINE / 4);
    return at;
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
