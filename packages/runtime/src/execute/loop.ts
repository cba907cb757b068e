import type { LoopStep, Program, Register, Slot } from '../lower/program.js';
import { hostScalar, itemOf } from '../host/host-scalar.js';
import type { BoundProgram } from './bound-program.js';
import type { CompiledLoop } from './compiled-loop.js';
import { itemNow, itemOrZeros, rows } from './list-tensors.js';
import { type Action, type Machine, type Run, type Waiting, begin, machineOf } from './machine.js';
import { type Registers, fill, hostAt, valueAt } from './registers.js';
import { type ListValue, type Value, isList, release, retain } from './values.js';

/** Runs a loop, as one kernel where it is `compiled` and that can be done; see `LoopAttrs` for what it means. */
export function loopAction(
  step: LoopStep,
  body: BoundProgram,
  cond: BoundProgram | null,
  registers: Registers,
  m: Machine,
  { slots }: Program,
  compiled?: CompiledLoop,
): Action {
  const first = step.consts.length + step.carry.length;
  const sequences = step.xs.map((s, i): Sequence => {
    const row = body.program.slots[body.program.params[first + i].slot];
    return { split: machineOf(slots[s], m), row, read: machineOf(row, m) };
  });
  const turn = (): Waiting | undefined => new Turning(step, body, cond, registers, m, sequences).begin();
  return compiled === undefined ? turn : () => (compiled.run() ? undefined : turn());
}

/** How a sequence becomes rows, and how those come to the body. */
interface Sequence {
  readonly split: Machine;
  readonly read: Machine;
  readonly row: Register;
}

/** A loop at work. The carry is in the body's registers, before and while it runs. */
class Turning {
  readonly #carries: number;
  readonly #lists: Value[][];
  readonly #xs: ListValue[] = [];
  readonly #carry: Value[] = [];
  #trips = 0;
  #t = 0;
  /** The next thing to do: whether to go on, to read rows (the next one is `#row`), or what the body does. */
  #phase: 'test' | 'read' | 'turn' | 'done' = 'test';
  #row = 0;

  constructor(
    readonly step: LoopStep,
    readonly body: BoundProgram,
    readonly cond: BoundProgram | null,
    readonly registers: Registers,
    readonly m: Machine,
    readonly sequences: readonly Sequence[],
  ) {
    this.#carries = step.carry.length;
    this.#lists = body.program.results.slice(this.#carries).map(() => []);
  }

  begin(): Waiting | undefined {
    try {
      const waiting = begin(this.#prepare(), () => undefined) ?? this.#turn();
      return waiting === undefined ? undefined : this.#rest(waiting);
    } catch (e) {
      this.#abandon();
      throw e;
    }
  }

  *#rest(first: Waiting): Waiting {
    try {
      for (let waiting: Waiting | undefined = first; waiting !== undefined; waiting = this.#turn()) yield* waiting;
    } catch (e) {
      this.#abandon();
      throw e;
    }
  }

  /** Takes hold of what the loop works on. */
  *#prepare(): Run<void> {
    const { step, body, cond, registers, m, sequences } = this;
    const limit = step.length === null ? null : itemOf(hostAt(registers, step.length));
    for (const [i, s] of step.xs.entries()) {
      this.#xs.push(yield* sequence(valueAt(registers, s), limit, sequences[i].split));
    }
    const lengths = this.#xs.map((x) => x.items.length);
    // Where the trips are counted, a list may be shorter, as gradients are: beyond its end it reads as zeros.
    const ending = limit === null ? lengths : lengths.filter((_, i) => !isList(valueAt(registers, step.xs[i])));
    this.#trips = Math.max(0, Math.min(limit ?? Infinity, ...ending));
    if (limit === null && lengths.some((n) => n !== lengths[0])) {
      throw new Error(
        `Loop: expected sequences of one length, got ${lengths.join(', ')}. Slice them to the same length.`,
      );
    }
    body.start();
    cond?.start();
    step.consts.forEach((s, i) => {
      const value = valueAt(registers, s);
      body.set(i, value);
      cond?.set(i, value);
    });
    step.carry.forEach((s, i) => this.#setCarry(i, retain(m.backend, valueAt(registers, s))));
  }

  /** Runs on until something has to wait, or to the end. */
  #turn(): Waiting | undefined {
    const { body, cond } = this;
    for (;;) {
      switch (this.#phase) {
        case 'test': {
          if (this.#t >= this.#trips) {
            this.#phase = 'done';
            break;
          }
          if (cond !== null) {
            const waiting = cond.advance();
            if (waiting !== undefined) return waiting;
            const go = itemOf(hostAt(cond.registers, cond.program.results[0].slot)) !== 0;
            cond.start();
            if (!go) {
              this.#phase = 'done';
              break;
            }
          }
          this.#row = 0;
          this.#phase = 'read';
          break;
        }
        case 'read':
          while (this.#row < this.#xs.length) {
            const waiting = this.#read(this.#row++);
            if (waiting !== undefined) return waiting;
          }
          this.#phase = 'turn';
          break;
        case 'turn': {
          const waiting = body.advance();
          if (waiting !== undefined) return waiting;
          this.#collect();
          this.#t++;
          this.#phase = 'test';
          break;
        }
        case 'done':
          this.#finish();
          return undefined;
      }
    }
  }

  /** Gives the body its row of a sequence. */
  #read(i: number): Waiting | undefined {
    const { step, body } = this;
    const { row, read } = this.sequences[i];
    const param = step.consts.length + this.#carries + i;
    const index = step.reverse ? this.#trips - 1 - this.#t : this.#t;
    const item = itemNow(this.#xs[i], index, read, row);
    if (item === undefined) return begin(itemOrZeros(this.#xs[i], index, read, row), (v) => body.set(param, v));
    body.set(param, item);
    return undefined;
  }

  /** Takes what a trip gave: the next carry, and an element for each list. */
  #collect(): void {
    const { body } = this;
    for (let i = 0; i < this.#carries; i++) this.#carry[i] = body.take(i);
    for (let j = 0; j < this.#lists.length; j++) this.#lists[j].push(body.take(this.#carries + j));
    body.start();
    for (let i = 0; i < this.#carries; i++) this.#setCarry(i, this.#carry[i]);
  }

  #setCarry(i: number, value: Value): void {
    const param = this.step.consts.length + i;
    this.body.set(param, value);
    this.cond?.set(param, value);
  }

  #finish(): void {
    const { step, body, cond, registers, m } = this;
    m.profiling?.recorder?.note(`${this.#t} trips step by step`);
    const { slots, results, params } = body.program;
    const carry = step.carry.map((_, i) => {
      const slot: Slot = params[step.consts.length + i].slot;
      const value = valueAt(body.registers, slot);
      body.registers[slot] = undefined;
      return value;
    });
    if (step.reverse) this.#lists.forEach((items) => items.reverse());
    const lists = this.#lists.map((items, j): ListValue => ({
      dtype: slots[results[this.#carries + j].slot].spec.dtype,
      items,
      refs: 1,
    }));
    fill(registers, step.outputs, [...carry, ...lists, hostScalar('int32', this.#t)]);
    body.clear();
    cond?.clear();
    this.#xs.forEach((x) => release(m.backend, x));
  }

  /** Gives everything back, after a failure. */
  #abandon(): void {
    const { body, cond, m } = this;
    body.clear();
    cond?.clear();
    this.#xs.forEach((x) => release(m.backend, x));
    this.#lists.flat().forEach((y) => release(m.backend, y));
  }
}

/** A sequence that a loop reads: its rows, which the loop holds references to. */
function* sequence(v: Value, length: number | null, m: Machine): Run<ListValue> {
  if (isList(v)) {
    retain(m.backend, v);
    return v;
  }
  if (v.shape.length === 0)
    throw new Error(`Loop: expected sequences with a first axis to run over, got ${v.dtype}[].`);
  return { dtype: v.dtype, items: yield* rows(v, length ?? Infinity, m), refs: 1 };
}
