import { NDArray, type RandomStreamId, type Variable } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor } from './backend.js';
import { bind } from './execute/bind.js';
import type { BoundProgram } from './execute/bound-program.js';
import { isHost } from './execute/values.js';
import type { Program } from './lower/program.js';
import { RandomStream } from './random/random-stream.js';

/**
 * Runs lowered programs one after the other, and holds the values of their variables and the positions of their random streams: a
 * session for programs instead of fetches, as the tests of passes need it. For backends that never make one wait.
 */
export class ProgramRunner {
  readonly #variables = new Map<Variable, DeviceTensor>();
  readonly #streams = new Map<RandomStreamId, RandomStream>();
  readonly #bound = new Map<Program, BoundProgram>();

  constructor(readonly backend: Backend) {}

  /** The results of a program, given a value for each of its parameters. Throws when the backend has to wait. */
  run(program: Program, args: readonly HostTensor[] = []): NDArray[] {
    const { backend } = this;
    const machine = { backend, variables: this.#variables, stream: (id: RandomStreamId) => this.#stream(id) };
    const bound = this.#bound.get(program) ?? bind(program, machine);
    this.#bound.set(program, bound);
    const step = bound.run(args).next();
    if (!step.done) throw new Error(`ProgramRunner: backend '${backend.name}' works asynchronously. Use a session.`);
    return step.value.map((v) => {
      if (!isHost(v)) throw new Error('ProgramRunner: a result is not on the host.');
      return new NDArray(v.dtype, v.shape, v.data.slice());
    });
  }

  /** Gives back the variables, and what its programs hold. */
  close(): void {
    for (const v of this.#variables.values()) this.backend.free(v);
    this.#variables.clear();
    for (const bound of this.#bound.values()) bound.dispose();
    this.#bound.clear();
  }

  #stream(id: RandomStreamId): RandomStream {
    const stream = this.#streams.get(id) ?? new RandomStream(id);
    this.#streams.set(id, stream);
    return stream;
  }
}
