import {
  type Edge,
  type Feeds,
  type Fetch,
  type Fetched,
  type Graph,
  GraphError,
  NDArray,
  type Node,
  Placeholder,
  type RandomStreamId,
  type Variable,
  defaultGraph,
  explain,
  makeDefault,
  neededNodes,
} from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor, MaybePromise } from './backend.js';
import { bind } from './execute/bind.js';
import type { BoundProgram } from './execute/bound-program.js';
import { joined } from './execute/joined.js';
import { type Machine, type Produced, type Run, drive } from './execute/machine.js';
import { isHost, release } from './execute/values.js';
import { checkFeeds, readFeeds } from './feeds.js';
import { type FlatFetch, readFetches } from './fetches.js';
import { type Devices, soloDevice } from './lower/device.js';
import { type Pass, lower, passes as allPasses } from './lower/lower.js';
import { printPlacement } from './lower/print-placement.js';
import { printProgram } from './lower/print-program.js';
import type { Program } from './lower/program.js';
import { Profile, Recorder } from './profile.js';
import { RandomStream, type RandomStreamState } from './random/random-stream.js';
import { streamNames } from './random/stream-names.js';
import { SessionDevices } from './session-devices.js';

/** Options of a session. */
export interface SessionOptions {
  /** The graph to run; default: the current one. */
  readonly graph?: Graph;
  /** The backend that everything runs on, wherever ops were placed. */
  readonly backend?: Backend;
  /**
   * Several backends instead, by the names that `device` knows them under: `{ cpu, gpu }`. Ops that were placed nowhere run on the
   * first one. Values are copied where they are needed; `describe` says what and where.
   */
  readonly backends?: Readonly<Record<string, Backend>>;
  /**
   * Whether an op runs on another of the `backends`, on 'cpu' before others, when the one it was placed on does not exist here, or
   * lacks a kernel or a dtype for it. Default false: then that is an error. TensorFlow: `allow_soft_placement`.
   */
  readonly allowSoftPlacement?: boolean;
  /**
   * Whether a run is stopped by the first NaN or infinity: in what is fed, in a kernel's result, in a variable's new value, inside
   * loops too. The error names the node. For finding where numbers go wrong; it costs a reduction per kernel. Default false.
   */
  readonly checkNumerics?: boolean;
  /**
   * The rewrites that what runs goes through first, in their order; default all of them, `passes`. What one of them is worth is
   * measured by leaving it out: `passesWithout('sink')`.
   */
  readonly passes?: readonly Pass[];
}

interface Prepared {
  readonly program: Program;
  readonly bound: BoundProgram;
}

/** A run that has been checked and not begun. */
interface Task {
  readonly go: Run<NDArray[]>;
  readonly fetch: FlatFetch;
}

/** Programs kept per session; the one not used for longest goes first. */
const KEPT_PROGRAMS = 64;

/**
 * Runs parts of a graph on a backend, and holds the values of its variables and the positions of its random streams. Runs are
 * serialised; a failing run rejects alone. `close` it to give its memory back. TensorFlow: `tf.Session`.
 */
export class Session implements AsyncDisposable {
  readonly graph: Graph;
  readonly backend: Backend;
  readonly #devices: Devices;
  readonly #checkNumerics: boolean;
  readonly #passes: readonly Pass[];
  readonly #variables = new Map<Variable, DeviceTensor>();
  readonly #machine: Machine;
  readonly #profiling: { recorder: Recorder | undefined } = { recorder: undefined };
  readonly #streams = new Map<RandomStreamId, RandomStream>();
  readonly #programs = new Map<string, Prepared>();
  readonly #ids = new WeakMap<object, number>();
  #nextId = 0;
  /** Settles, and never rejects, when all runs so far have ended. */
  #tail: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #closed = false;

  constructor({ graph = defaultGraph(), checkNumerics = false, passes = allPasses, ...options }: SessionOptions) {
    const backends = backendsOf(options);
    const own = {
      variables: this.#variables,
      checkNumerics,
      profiling: this.#profiling,
      stream: (id: RandomStreamId) => this.#stream(id),
    };
    [this.backend] = backends.values();
    this.graph = graph.root;
    this.#checkNumerics = checkNumerics;
    this.#passes = passes;
    // A check looks at what every op computes.
    const fusing = !checkNumerics;
    if (backends.size === 1) {
      this.#devices = soloDevice(fusing && this.backend.fuse !== undefined);
      this.#machine = { backend: this.backend, ...own };
    } else {
      const devices = joined(backends);
      const [backend] = devices.values();
      this.#devices = new SessionDevices(backends, options.allowSoftPlacement ?? false, fusing);
      this.#machine = { backend, devices, ...own };
    }
  }

  /**
   * Computes `fetches` given `feeds` (pairs of a tensor and its value; any tensor may be fed). Results have the structure of the
   * fetches: an `NDArray` per tensor or variable, `null` per op, what a `Fetchable` makes of its tensors. Feeds are checked and copied
   * before this returns. Rejects with a `GraphError` when something needed was not fed, a variable has no value, or an op fails.
   */
  async run<const F extends Fetch>(fetches: F, feeds: Feeds = []): Promise<Fetched<F>> {
    const task = this.#start(fetches, feeds);
    return (await this.#enqueue(async () => task.fetch.pack(await drive(task.go)))) as Fetched<F>;
  }

  /** `run` without a promise. Throws while another run is pending, and on a backend that has to wait. */
  runSync<const F extends Fetch>(fetches: F, feeds: Feeds = []): Fetched<F> {
    if (this.#pending > 0) throw new Error('runSync: another run of this session is pending. Await it first.');
    const { go, fetch } = this.#start(fetches, feeds);
    const step = go.next();
    if (step.done) return fetch.pack(step.value) as Fetched<F>;
    const refusal = new Error(`runSync: backend '${this.backend.name}' works asynchronously. Use run().`);
    // A kernel may be at work on what the run holds, so that is given back when it is done.
    void this.#enqueue(() => abandon(go, step.value, refusal, this.#machine.backend));
    throw refusal;
  }

  /**
   * Runs like `run`, and tells what each step took: `results`, and time and memory per op as a table (`toString`) and for Chrome's trace
   * viewer (`toTrace`). Taking it down costs time itself, about a microsecond a step. The first run of fetches also compiles; profile
   * a later one to see what a step of training takes.
   */
  async profile<const F extends Fetch>(fetches: F, feeds: Feeds = []): Promise<Profile<Fetched<F>>> {
    const start = performance.now();
    const { go, fetch } = this.#start(fetches, feeds);
    const preparing = performance.now() - start;
    return this.#enqueue(async () => {
      const recorder = new Recorder(() => this.#bytesInUse());
      const begun = performance.now();
      this.#profiling.recorder = recorder;
      try {
        const results = fetch.pack(await drive(go)) as Fetched<F>;
        return new Profile(results, { preparing, running: performance.now() - begun, recorder });
      } finally {
        this.#profiling.recorder = undefined;
      }
    });
  }

  /**
   * The program that a run of these fetches and feeds executes, as text; see `printProgram`. Values of feeds do not matter, and
   * placeholders that are needed count as fed. With several backends, what runs where and what is copied comes first.
   */
  describe(fetches: Fetch, feeds: Feeds = []): string {
    const fetch = readFetches(fetches);
    const fed = readFeeds(feeds);
    this.#checkAllOwn(fetch, fed.keys());
    const needed = neededNodes(fetch.edges, fed, fetch.targets);
    const unfed = needed.flatMap((n) => (n.op === Placeholder ? n.outputs : []));
    const { program } = this.#prepare(fetch, inOrder([...fed.keys(), ...unfed]));
    const { devices } = this.#machine;
    const placement = devices === undefined ? '' : `${printPlacement(program, [...devices.keys()])}\n\n`;
    return `${placement}${printProgram(program)}`;
  }

  /**
   * Runs `f` with this session as the default one, in which `eval` and `run` of the graph's tensors and ops happen; until `f` returns,
   * or the promise it returns is settled. Returns its result. TensorFlow: `session.as_default()`.
   */
  asDefault<T>(f: () => T): T {
    const end = makeDefault(this);
    let result: T | undefined;
    try {
      result = f();
      return result;
    } finally {
      if (result instanceof Promise) void result.then(end, end);
      else end();
    }
  }

  /**
   * Where the streams of random numbers stand that have been drawn from, by the name of the op that draws, after the runs that were
   * begun before. A checkpoint keeps them beside the variables.
   */
  randomStreams(): Promise<ReadonlyMap<string, RandomStreamState>> {
    return this.#enqueue(() => {
      const drawn = [...streamNames(this.graph)].flatMap(([name, id]) => {
        const stream = this.#streams.get(id);
        return stream === undefined ? [] : [[name, stream.state] as const];
      });
      return new Map(drawn);
    });
  }

  /**
   * Puts all streams of random numbers where they stood when `randomStreams` gave `states`, in this session or another of an equal
   * graph; the others begin anew. Returns the names that were found in the graph.
   */
  setRandomStreams(states: ReadonlyMap<string, RandomStreamState>): Promise<string[]> {
    return this.#enqueue(() => {
      this.#streams.clear();
      const found = [...streamNames(this.graph)].filter(([name]) => states.has(name));
      for (const [name, id] of found) {
        const state = states.get(name);
        if (state !== undefined) this.#stream(id).state = state;
      }
      return found.map(([name]) => name);
    });
  }

  /** Gives back the variables and everything else the session holds, once pending runs have ended; later runs throw. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#whenIdle(() => {
      for (const v of this.#variables.values()) this.#machine.backend.free(v);
      this.#variables.clear();
      for (const { bound } of this.#programs.values()) bound.dispose();
      this.#programs.clear();
    });
  }

  /** `close`, after pending runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#tail;
  }

  /** Runs `f` after all pending runs. */
  async #enqueue<T>(f: () => MaybePromise<T>): Promise<T> {
    const result = this.#tail.then(f);
    this.#tail = result.catch(() => undefined);
    this.#pending++;
    try {
      return await result;
    } finally {
      this.#pending--;
    }
  }

  #whenIdle(f: () => void): void {
    if (this.#pending === 0) f();
    else this.#tail = this.#tail.then(f);
  }

  #start(fetches: unknown, feeds: Feeds): Task {
    if (this.#closed) throw new Error('run: the session is closed. Make a new one.');
    const fetch = readFetches(fetches);
    const values = readFeeds(feeds);
    this.#checkAllOwn(fetch, values.keys());
    if (this.#checkNumerics) checkFeeds(values);
    const fed = inOrder(values.keys());
    const { bound } = this.#prepare(fetch, fed);
    const args = fed.flatMap((t) => values.get(t) ?? []);
    return { go: this.#go(bound, args), fetch };
  }

  #checkAllOwn({ edges, targets }: FlatFetch, fed: Iterable<Edge>): void {
    for (const t of [...edges, ...fed]) this.#checkOwn(t.name, t.op);
    for (const n of targets) this.#checkOwn(n.name, n);
  }

  #checkOwn(name: string, node: Node): void {
    if (node.graph === this.graph) return;
    const inBody = node.graph.root === this.graph;
    const message = inBody
      ? `'${name}' belongs to the body of a loop or branch, expected a value of the graph around it. Return it from the body`
      : `'${name}' belongs to another graph, expected one of the session's. Make the session with { graph }`;
    throw new GraphError(explain(`run: ${message}.`, node.toString(), node.location));
  }

  *#go(bound: BoundProgram, args: readonly HostTensor[]): Run<NDArray[]> {
    const results = yield* bound.run(args);
    return results.map((v) => {
      if (!isHost(v)) throw new Error('run: a result is not on the host.');
      return new NDArray(v.dtype, v.shape, v.data.slice());
    });
  }

  /** Bytes that the session's backends hold, those of others that share one included. */
  #bytesInUse(): number {
    const { backend, devices } = this.#machine;
    const backends = devices === undefined ? [backend] : [...devices.values()];
    return backends.reduce((sum, b) => sum + b.stats().bytes, 0);
  }

  #stream(id: RandomStreamId): RandomStream {
    const stream = this.#streams.get(id) ?? new RandomStream(id);
    this.#streams.set(id, stream);
    return stream;
  }

  #prepare({ edges, targets }: FlatFetch, feeds: readonly Edge[]): Prepared {
    const key = [edges, targets, feeds].map((xs) => xs.map((x) => this.#id(x)).join()).join('|');
    const known = this.#programs.get(key);
    if (known !== undefined) {
      this.#programs.delete(key);
      this.#programs.set(key, known);
      return known;
    }
    const program = lower(edges, targets, feeds, this.#passes, this.#devices);
    const prepared = { program, bound: bind(program, this.#machine) };
    this.#programs.set(key, prepared);
    for (const [oldest, { bound }] of this.#programs) {
      if (this.#programs.size <= KEPT_PROGRAMS) break;
      this.#programs.delete(oldest);
      // A run that waits its turn may still use it.
      this.#whenIdle(() => bound.dispose());
    }
    return prepared;
  }

  #id(x: Edge | Node): number {
    const id = this.#ids.get(x) ?? this.#nextId++;
    this.#ids.set(x, id);
    return id;
  }
}

/** The backends that a session is made with, by name. Throws `TypeError` unless there is one at least, and one way of saying so. */
function backendsOf({ backend, backends }: SessionOptions): ReadonlyMap<string, Backend> {
  if (backend !== undefined && backends !== undefined) {
    throw new TypeError('Session: expected backend or backends, got both. Put the backend among the backends.');
  }
  const named = backend === undefined ? Object.entries(backends ?? {}) : [['', backend] as const];
  if (named.length === 0)
    throw new TypeError('Session: expected a backend, got none. Pass { backend } or { backends }.');
  return new Map(named);
}

/** Edges in the order of the graph: the same feeds are one program, in whatever order they come. */
const inOrder = (edges: Iterable<Edge>): Edge[] => [...edges].sort((a, b) => a.op.id - b.op.id || a.index - b.index);

/** Ends a run that waits for `promise`, when that has settled: what came of it and what the run holds is given back. */
async function abandon(go: Task['go'], promise: Promise<Produced>, reason: Error, backend: Backend): Promise<void> {
  const produced = await promise.catch(() => []);
  for (const v of [produced].flat()) release(backend, v);
  try {
    go.throw(reason);
  } catch {
    // The reason, which has been reported.
  }
}
