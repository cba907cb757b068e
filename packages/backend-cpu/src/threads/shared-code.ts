import type { CompiledExpressions } from '../emit/compile.js';
import type { Call } from '../loop/program.js';
import type { Kernels, Wasm } from '../wasm.js';
import type { Job, Pool } from './pool.js';

/** What a job calls: kernels, and compiled expressions. */
type Target = Exclude<Call['target'], 'copy'>;

/** The code of this process as its threads know it: each function by a number, given when it is first shared. */
export class SharedCode {
  #kernels: ReadonlyMap<string, number> | undefined;
  readonly #expressions = new WeakMap<CompiledExpressions, number>();

  constructor(
    readonly pool: Pool,
    readonly kernels: Kernels,
  ) {}

  /** The number of a module's `run`, which calls these functions by name; `undefined` when one of them is known to this thread only. */
  add(
    module: WebAssembly.Module,
    imports: readonly { readonly name: string; readonly target: Target }[],
  ): number | undefined {
    const known: { name: string; from: number }[] = [];
    for (const { name, target } of imports) {
      const from = typeof target === 'string' ? this.kernel(target) : this.#expression(target);
      if (from === undefined) return undefined;
      known.push({ name, from });
    }
    return this.pool.add({ module, imports: known, exports: ['run'] });
  }

  /** The number of a kernel. */
  kernel(name: keyof Wasm): number {
    if (this.#kernels === undefined) {
      const { module } = this.kernels;
      const exports = WebAssembly.Module.exports(module).flatMap((e) => (e.kind === 'function' ? [e.name] : []));
      const first = this.pool.add({ module, imports: [], exports });
      this.#kernels = new Map(exports.map((e, i) => [e, first + i]));
    }
    const known = this.#kernels.get(name);
    if (known === undefined) throw new Error(`cpu: there is no kernel '${name}'.`);
    return known;
  }

  #expression(compiled: CompiledExpressions): number | undefined {
    if (compiled.callsOut) return undefined;
    const known = this.#expressions.get(compiled) ?? this.add(compiled.module, []);
    if (known !== undefined) this.#expressions.set(compiled, known);
    return known;
  }
}

/** The threads that a backend may use. */
export interface Threads {
  readonly count: number;
  readonly code: SharedCode;
  /** Elementary operations of a loop that are worth waking a thread for. */
  readonly worth: number;
}

/** Runs a job, a kernel or what `SharedCode.add` gave a number, on the threads of a backend, in pieces of multiples of `grain` rows. */
export function runJob(
  { count, code }: Threads,
  id: number | keyof Wasm,
  job: Job,
  { rows, grain, args }: { readonly rows: number; readonly grain: number; readonly args: number },
): void {
  if (count === 1) job(0, rows, 0, args);
  else code.pool.run(typeof id === 'number' ? id : code.kernel(id), job, count, rows, grain, args);
}
