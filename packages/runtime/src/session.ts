import { type Edge, type Graph, GraphError, NDArray, type Node, type RandomStreamId, type Variable, defaultGraph } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor } from './backend.js';
import { type BoundProgram, bind, unbind } from './execute/bind.js';
import { execute } from './execute/execute.js';
import type { Machine, Run } from './execute/machine.js';
import { isHost } from './execute/values.js';
import { type Feeds, readFeeds } from './feeds.js';
import { type Fetch, type Fetched, type FlatFetch, readFetches } from './fetches.js';
import { lower } from './lower/lower.js';
import { printProgram } from './lower/print-program.js';
import type { Program } from './lower/program.js';
import { RandomStream } from './random/random-stream.js';

export interface SessionOptions {
  /** The graph to run; default: the current one. */
  readonly graph?: Graph;
  readonly backend: Backend;
}

interface Prepared {
  readonly program: Program;
  readonly bound: BoundProgram;
}

/** Programs kept per session; the one not used for longest goes first. */
const KEPT_PROGRAMS = 64;

/**
 * Runs parts of a graph on a backend, and holds the values of its variables and the positions of its random streams. Runs are
 * serialised; a failing run rejects alone. `close` it to give its memory back. TensorFlow: `tf.Session`.
 */
export class Session {
  readonly graph: Graph;
  readonly backend: Backend;
  readonly #variables = new Map<Variable, DeviceTensor>();
  readonly #streams = new Map<RandomStreamId, RandomStream>();
  readonly #programs = new Map<string, Prepared>();
  readonly #ids = new WeakMap<object, number>();
  #nextId = 0;
  #tail: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #closed = false;

  constructor({ graph = defaultGraph(), backend }: SessionOptions) {
    this.graph = graph.root;
    this.backend = backend;
  }

  /**
   * Computes `fetches` given `feeds` (pairs of a tensor and its value; any tensor may be fed). Results have the structure of the
   * fetches: an `NDArray` per tensor or variable, `null` per op. Feeds are checked and copied before this returns. Rejects with
   * a `GraphError` when something needed was not fed, a variable has no value, or an op fails.
   */
  run<const F extends Fetch>(fetches: F, feeds: Feeds = []): Promise<Fetched<F>> {
    return this.#run(fetches, feeds) as Promise<Fetched<F>>;
  }

  async #run(fetches: unknown, feeds: Feeds): Promise<unknown> {
    const task = this.#start(fetches, feeds);
    this.#pending++;
    const result: Promise<unknown> = this.#tail.then(async () => {
      let step = task.go.next();
      while (!step.done) {
        try {
          step = task.go.next(await step.value);
        } catch (e) {
          step = task.go.throw(e);
        }
      }
      return task.fetch.pack(step.value);
    });
    this.#tail = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      this.#pending--;
    }
  }

  /** `run` without a promise. Throws while another run is pending, and on a backend that has to wait. */
  runSync<const F extends Fetch>(fetches: F, feeds: Feeds = []): Fetched<F> {
    if (this.#pending > 0) throw new Error('runSync: another run of this session is pending. Await it first.');
    const task = this.#start(fetches, feeds);
    const step = task.go.next();
    if (step.done) return task.fetch.pack(step.value) as Fetched<F>;
    const refusal = new Error(`runSync: backend '${this.backend.name}' works asynchronously. Use run().`);
    try {
      task.go.throw(refusal);
    } catch {
      // The program has released what it held.
    }
    throw refusal;
  }

  /** The program that a run of these fetches and feeds executes, as text. */
  printProgram(fetches: Fetch, feeds: readonly Edge[] = []): string {
    return printProgram(this.#prepare(readFetches(fetches), feeds).program);
  }

  /** Gives back the variables and everything else the session holds; later runs throw. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const v of this.#variables.values()) this.backend.free(v);
    this.#variables.clear();
    for (const { bound } of this.#programs.values()) unbind(bound, this.backend);
    this.#programs.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tail;
    this.close();
  }

  #start(fetches: unknown, feeds: Feeds): { readonly go: Run<NDArray[]>; readonly fetch: FlatFetch } {
    if (this.#closed) throw new Error('run: the session is closed. Make a new one.');
    const fetch = readFetches(fetches);
    const values = readFeeds(feeds);
    for (const x of [...fetch.edges, ...fetch.targets, ...values.keys()]) {
      if (x.graph !== this.graph) throw new GraphError(`run: '${x.name}' belongs to ${x.graph.root === this.graph ? 'the body of a loop or branch' : "a graph that is not the session's"}. Return it from the body, or make the session with { graph }.`);
    }
    const { bound } = this.#prepare(fetch, [...values.keys()]);
    return { go: this.#go(bound, [...values.values()]), fetch };
  }

  *#go(bound: BoundProgram, args: readonly HostTensor[]): Run<NDArray[]> {
    const machine: Machine = { backend: this.backend, variables: this.#variables, stream: (id) => this.#stream(id) };
    const results = yield* execute(bound, args, machine);
    return results.map((v) => {
      if (!isHost(v)) throw new Error('run: a result is not on the host.');
      return new NDArray(v.dtype, v.shape, v.data.slice());
    });
  }

  #stream(id: RandomStreamId): RandomStream {
    let s = this.#streams.get(id);
    if (s === undefined) this.#streams.set(id, (s = new RandomStream(id)));
    return s;
  }

  #prepare({ edges, targets }: FlatFetch, feeds: readonly Edge[]): Prepared {
    const key = [edges, targets, feeds].map((xs) => xs.map((x) => this.#id(x)).join()).join('|');
    const known = this.#programs.get(key);
    if (known !== undefined) {
      this.#programs.delete(key);
      this.#programs.set(key, known);
      return known;
    }
    const program = lower(edges, targets, feeds);
    const prepared = { program, bound: bind(program, this.backend) };
    this.#programs.set(key, prepared);
    for (const [oldest, { bound }] of this.#programs) {
      if (this.#programs.size <= KEPT_PROGRAMS) break;
      this.#programs.delete(oldest);
      // A run that waits its turn may still use it.
      if (this.#pending === 0) unbind(bound, this.backend);
      else void this.#tail.then(() => unbind(bound, this.backend));
    }
    return prepared;
  }

  #id(x: Edge | Node): number {
    let id = this.#ids.get(x);
    if (id === undefined) this.#ids.set(x, (id = this.#nextId++));
    return id;
  }
}
