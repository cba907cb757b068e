import { reference } from '@tensorloom/backend-reference';
import { NDArray, type Variable } from '@tensorloom/graph';
import { expect, onTestFinished } from 'vitest';
import type { Backend, DeviceTensor, Kernel } from '../src/backend.js';
import { bind } from '../src/execute/bind.js';
import { isHost } from '../src/execute/values.js';
import type { Program } from '../src/lower/program.js';
import { RandomStream } from '../src/random/random-stream.js';
import { Session, type SessionOptions } from '../src/session.js';

/** A reference backend that must hold nothing any more when the test ends. */
export function leakFree(): Backend {
  const backend = reference();
  onTestFinished(() => expect(backend.stats()).toEqual({ handles: 0, bytes: 0 }));
  return backend;
}

/** A session that is closed when the test ends, and must leave nothing behind. */
export function open(backend: Backend = leakFree(), options: Partial<SessionOptions> = {}): Session {
  const session = new Session({ backend, ...options });
  onTestFinished(() => session[Symbol.asyncDispose]());
  return session;
}

/** A backend whose kernels and downloads take a while, and read their inputs only then. */
export function asynchronous(backend: Backend): Backend {
  const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const slow =
    (kernel: Kernel<unknown>): Kernel<unknown> =>
    async (inputs, call) => {
      await later();
      return kernel(inputs, call);
    };
  return {
    ...backend,
    name: 'asynchronous',
    kernels: new Map(Array.from(backend.kernels, ([op, kernel]) => [op, slow(kernel)])),
    async download(x) {
      await later();
      return backend.download(x);
    },
  };
}

/** Runs a program once, with variables that have these values, on a backend that must not wait. */
export function runProgram(
  program: Program,
  args: readonly NDArray[] = [],
  {
    backend = leakFree(),
    variables = [],
  }: { backend?: Backend; variables?: readonly (readonly [Variable, NDArray])[] } = {},
): NDArray[] {
  const streams = new Map<object, RandomStream>();
  const values = new Map<Variable, DeviceTensor>(variables.map(([v, x]) => [v, backend.upload(x)]));
  const machine = {
    backend,
    variables: values,
    stream(id: ConstructorParameters<typeof RandomStream>[0]) {
      const stream = streams.get(id) ?? new RandomStream(id);
      streams.set(id, stream);
      return stream;
    },
  };
  const bound = bind(program, machine);
  try {
    const step = bound.run(args).next();
    if (!step.done) throw new Error('the backend works asynchronously');
    return step.value.map((v) => {
      if (!isHost(v)) throw new Error('a result is not on the host');
      return new NDArray(v.dtype, v.shape, v.data.slice());
    });
  } finally {
    for (const v of values.values()) backend.free(v);
    bound.dispose();
  }
}

/** Where it is called, as messages show places, without the column. */
export function here(): string {
  const frame = (new Error().stack ?? '').split('\n')[2];
  const place = /\(?((?:file:\/\/)?\/[^()\s]+:\d+):\d+\)?$/.exec(frame)?.[1];
  if (place === undefined) throw new Error(`no place in '${frame}'`);
  return place.replace('file://', '');
}

/** The message of what `f` throws, the columns of places left out. */
export function messageFrom(f: () => unknown): string {
  try {
    f();
  } catch (e) {
    return withoutColumns(e);
  }
  throw new Error('nothing was thrown');
}

/** The message that a promise is rejected with, the columns of places left out. */
export const rejection = (promise: Promise<unknown>): Promise<string> =>
  promise.then(() => Promise.reject(new Error('nothing was rejected')), withoutColumns);

const withoutColumns = (e: unknown): string => {
  if (!(e instanceof Error)) throw new TypeError('expected an Error to be thrown');
  return e.message.replace(/(made at: .*:\d+):\d+$/m, '$1');
};

/** What must not be missing. */
export function present<T>(x: T | null | undefined): T {
  if (x == null) throw new Error('a value is missing');
  return x;
}
