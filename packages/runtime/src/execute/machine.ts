import type { RandomStreamId, Variable } from '@tensorloom/graph';
import type { Backend, DeviceTensor, MaybePromise } from '../backend.js';
import type { Register } from '../lower/program.js';
import type { Recorder } from '../profile.js';
import type { RandomStream } from '../random/random-stream.js';
import type { TensorValue } from './values.js';

/** What programs run on and change. */
export interface Machine {
  /** That of the session's first device. */
  readonly backend: Backend;
  /** Those of all devices by name, where there are several; see `joined`. */
  readonly devices?: ReadonlyMap<string, Backend>;
  readonly variables: Map<Variable, DeviceTensor>;
  /** The stream of each random op, made when it first draws. */
  stream(id: RandomStreamId): RandomStream;
  /** Who takes down what runs do, while one is profiled. */
  readonly profiling?: { recorder: Recorder | undefined };
  /** Whether NaN and infinities fail the step that computes them; default false. */
  readonly checkNumerics?: boolean;
}

/** The machine as it works on what is, or goes, into a register: with the backend of that device. */
export function machineOf({ device }: Register, m: Machine): Machine {
  if (device === undefined) return m;
  const backend = m.devices?.get(device);
  if (backend === undefined) throw new Error(`bind: there is no device '${device}'.`);
  return { ...m, backend };
}

/** What a backend can make one wait for: a download, or the results of a kernel. */
export type Produced = TensorValue | readonly TensorValue[];

/** A computation that yields each promise it must wait for, and is resumed with what it held. On a synchronous backend it never yields. */
export type Run<T> = Generator<Promise<Produced>, T, unknown>;

/** What is left of a computation that has to wait. */
export type Waiting = Run<void>;

/** A bound step: does what it can at once, which is mostly all, and returns the rest. */
export type Action = () => Waiting | undefined;

/** The value of `x`, waiting for it when it is a promise. */
export function* settle<T extends Produced>(x: MaybePromise<T>): Run<T> {
  return x instanceof Promise ? ((yield x) as T) : x;
}

/** Begins a computation and hands its result to `use`. Returns the rest when it has to wait. */
export function begin<T>(run: Run<T>, use: (result: T) => void): Waiting | undefined {
  const step = run.next();
  if (!step.done) return resume(run, step, use);
  use(step.value);
  return undefined;
}

function* resume<T>(run: Run<T>, from: IteratorResult<Promise<Produced>, T>, use: (result: T) => void): Waiting {
  let step = from;
  while (!step.done) {
    let produced: unknown;
    try {
      produced = yield step.value;
    } catch (e) {
      step = run.throw(e);
      continue;
    }
    step = run.next(produced);
  }
  use(step.value);
}

/** Runs a computation to its end: at once where the backend never makes it wait. */
export function drive<T>(run: Run<T>): MaybePromise<T> {
  const step = run.next();
  return step.done ? step.value : finish(run, step.value);
}

/** Runs the rest of a computation that waits for `promise`. */
async function finish<T>(run: Run<T>, promise: Promise<Produced>): Promise<T> {
  let waiting = promise;
  for (;;) {
    const step = await waiting.then(
      (value) => run.next(value),
      (e: unknown) => run.throw(e),
    );
    if (step.done) return step.value;
    waiting = step.value;
  }
}

/** The only tensor of a kernel's result. */
export function single(out: DeviceTensor | readonly DeviceTensor[]): DeviceTensor {
  return 'buffer' in out ? out : out[0];
}
