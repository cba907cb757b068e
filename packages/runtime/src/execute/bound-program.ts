import { type Node, GraphError, explain, messageOf, showShape, showSpec } from '@tensorloom/graph';
import { type Program, type Slot, type Step, reads } from '../lower/program.js';
import type { Recorder } from '../profile.js';
import { type Action, type Machine, type Run, type Waiting, machineOf } from './machine.js';
import { type Registers, valueAt } from './registers.js';
import { type Value, isList, release, retain } from './values.js';

type ConstStep = Extract<Step, { readonly kind: 'const' }>;

/**
 * A program ready to run on a machine: an action per step, and the registers that they work on, which are empty between runs but
 * for constants. Bodies of loops and branches are bound programs too. One run at a time.
 */
export class BoundProgram {
  readonly registers: Registers;
  readonly #constants: readonly ConstStep[];
  readonly #steps: readonly Step[];
  readonly #actions: readonly Action[];
  readonly #borrowed: ReadonlySet<Slot>;
  readonly #fixed: ReadonlySet<Slot>;
  readonly #parts: readonly { dispose(): void }[];
  #next = 0;
  /** Whether constants are in their registers; they are put there by the first run. */
  #ready = false;

  constructor(
    readonly program: Program,
    readonly machine: Machine,
    actionOf: (step: Exclude<Step, ConstStep>, registers: Registers, next: Step | undefined) => Action,
    /** What goes when the program goes: bodies, and kernels that were made for it. */
    parts: readonly { dispose(): void }[],
  ) {
    this.registers = new Array<Value | undefined>(program.slots.length).fill(undefined);
    this.#constants = program.steps.filter((s) => s.kind === 'const');
    const steps = program.steps.filter((s) => s.kind !== 'const');
    this.#steps = steps;
    this.#actions = steps.map((s, i) => actionOf(s, this.registers, steps.at(i + 1)));
    this.#borrowed = new Set(program.params.flatMap((p) => (p.owned ? [] : [p.slot])));
    this.#fixed = new Set(this.#constants.map((s) => s.output));
    this.#parts = parts;
  }

  /** Runs the program. Owned arguments become the program's; each result is a reference for the caller. */
  *run(args: readonly Value[]): Run<Value[]> {
    this.start();
    for (let i = 0; i < args.length; i++) this.set(i, args[i]);
    const waiting = this.advance();
    if (waiting !== undefined) yield* waiting;
    const results = this.program.results.map((_, i) => this.take(i));
    this.clear();
    return results;
  }

  /** Makes the program begin anew. */
  start(): void {
    this.#next = 0;
    if (!this.#ready) this.#putConstants();
  }

  /** Hands over an argument. */
  set(param: number, value: Value): void {
    this.registers[this.program.params[param].slot] = value;
  }

  /**
   * Runs the program to its end, and returns what is left where it has to wait. When a step fails, what the program holds is
   * released and a `GraphError` names the step's node; variables are as they were before that step.
   */
  advance(): Waiting | undefined {
    try {
      const waiting = this.#turn();
      return waiting === undefined ? undefined : this.#rest(waiting);
    } catch (e) {
      throw this.#failed(e);
    }
  }

  /** Runs on until a step has to wait, or to the end. */
  #turn(): Waiting | undefined {
    const actions = this.#actions;
    const recorder = this.machine.profiling?.recorder;
    if (recorder !== undefined) return this.#recorded(recorder);
    while (this.#next < actions.length) {
      const waiting = actions[this.#next++]();
      if (waiting !== undefined) return waiting;
    }
    return undefined;
  }

  /** `#turn`, taken down. A step that has to wait ends when the next one begins. */
  #recorded(recorder: Recorder): Waiting | undefined {
    recorder.end(this);
    while (this.#next < this.#actions.length) {
      const at = this.#next++;
      const step = this.#steps[at];
      recorder.begin(this, step, this.#nodeOf(step)?.name ?? '');
      const waiting = this.#actions[at]();
      if (waiting !== undefined) return waiting;
      recorder.end(this);
    }
    return undefined;
  }

  *#rest(first: Waiting): Waiting {
    try {
      for (let waiting: Waiting | undefined = first; waiting !== undefined; waiting = this.#turn()) yield* waiting;
    } catch (e) {
      throw this.#failed(e);
    }
  }

  /** A result, as a reference for the caller. */
  take(result: number): Value {
    const { slot, move } = this.program.results[result];
    const value = valueAt(this.registers, slot);
    if (!move) return retain(this.machine.backend, value);
    this.registers[slot] = undefined;
    return value;
  }

  /** Empties the registers but for constants, and releases what they own; borrowed arguments stay the caller's. */
  clear(): void {
    const { registers } = this;
    for (let s = 0; s < registers.length; s++) {
      const value = registers[s];
      if (value === undefined || this.#fixed.has(s)) continue;
      if (!this.#borrowed.has(s)) release(this.machine.backend, value);
      registers[s] = undefined;
    }
  }

  /** Gives up the constants, of a program that will not run again. */
  dispose(): void {
    for (const { output } of this.#constants) {
      const value = this.registers[output];
      if (value !== undefined) release(this.machine.backend, value);
      this.registers[output] = undefined;
    }
    this.#ready = false;
    for (const part of this.#parts) part.dispose();
  }

  #putConstants(): void {
    for (const step of this.#constants) {
      if (this.registers[step.output] !== undefined) continue;
      const register = this.program.slots[step.output];
      const hosted = register.holds === 'host';
      const { backend } = machineOf(register, this.machine);
      try {
        this.registers[step.output] = hosted ? step.value : backend.upload(step.value);
      } catch (e) {
        throw this.#explained(e, step);
      }
    }
    this.#ready = true;
  }

  /** The error of the step at work, after giving back what the program holds. */
  #failed(e: unknown): unknown {
    const error = this.#explained(e, this.#steps[this.#next - 1]);
    this.clear();
    return error;
  }

  /** The node of the graph that a step came from. */
  #nodeOf(step: Step): Node | undefined {
    if (step.kind === 'release') return undefined;
    return 'origin' in step ? step.origin : this.program.slots[step.output].origin.op;
  }

  /** The error of a step, with the node it came from and the shapes that its inputs really had. */
  #explained(e: unknown, step: Step): unknown {
    const node = this.#nodeOf(step);
    if (e instanceof GraphError || node === undefined) return e;
    const { slots } = this.program;
    const inputs = reads(step).map((s) => {
      const v = this.registers[s];
      const { origin, spec } = slots[s];
      return `${origin.name} ${v === undefined || isList(v) ? showSpec(spec) : `${v.dtype}${showShape(v.shape)}`}`;
    });
    const where = explain(messageOf(e), `'${node.name}' = ${node.op.name}(${inputs.join(', ')})`, node.location);
    return new GraphError(where, { cause: e });
  }
}
