import { allocate, sameShape, shape, sizeOf } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor } from '../backend.js';
import { kernelFor } from '../foreign.js';
import { hostScalar, itemOf } from '../host/host-scalar.js';
import type { LoopStep, Slot } from '../lower/program.js';
import type { LoopArguments, LoopKernel, LoopResults } from '../static-loop.js';
import type { BoundProgram } from './bound-program.js';
import { rowsOf } from './list-tensors.js';
import { type Machine, single } from './machine.js';
import { type Registers, fill, hostAt, valueAt } from './registers.js';
import { type Given, type Specialised, sameElements, specialise } from './specialise.js';
import { type ListValue, Rows, type Value, isDevice, isHost, isList, lengthOf } from './values.js';

/** Shapes for which a loop keeps a kernel. */
const KEPT = 16;

/** Rows that a loop of unknown length makes room for at first. */
const FIRST_ROWS = 64;

/** A loop for certain shapes. */
type Made = Specialised & { readonly kernel: LoopKernel };

/** What was given, and what was made of it, if anything could be. */
interface Entry {
  readonly given: readonly Given[];
  readonly made: Made | undefined;
}

/** What a loop is given: its type, and how it comes to the device. `put` says whether it made a tensor for that, or borrows one. */
interface Argument extends Given {
  readonly put: () => { readonly tensor: DeviceTensor; readonly isOwn: boolean };
}

/** A loop that runs as one kernel of its backend, where all shapes in it follow from those of what it is given. */
export class CompiledLoop {
  #entries: Entry[] = [];

  constructor(
    readonly step: LoopStep,
    readonly body: BoundProgram,
    readonly registers: Registers,
    readonly machine: Machine,
  ) {}

  get backend(): Backend {
    return this.machine.backend;
  }

  /** Whether it ran; if not, nothing has changed. */
  run(): boolean {
    const { step } = this;
    const trips = this.#trips();
    const args = trips === undefined ? undefined : this.#arguments();
    const made = args && this.#madeFor(args);
    if (trips === undefined || args === undefined || made === undefined) return false;
    const own: DeviceTensor[] = [];
    const put = (from: number, count: number): DeviceTensor[] =>
      args.slice(from, from + count).flatMap((arg, i) => {
        if (made.elements.has(from + i)) return [];
        const { tensor, isOwn } = arg.put();
        if (isOwn) own.push(tensor);
        return [tensor];
      });
    const [c, k, x] = [step.consts.length, step.carry.length, step.xs.length];
    try {
      const given = { consts: put(0, c), carry: put(c, k), xs: put(c + k, x) };
      const results =
        trips === Infinity ? this.#unbounded(made.kernel, given) : this.#counted(made, { ...given, trips }, own);
      if (results === undefined) return false;
      this.#finish(results, made);
      return true;
    } finally {
      own.forEach((tensor) => this.backend.free(tensor));
    }
  }

  dispose(): void {
    for (const { made } of this.#entries) made?.kernel.dispose();
    this.#entries = [];
  }

  /** How often the loop runs at most; `undefined` where it is not at all, or not in the ordinary way. */
  #trips(): number | undefined {
    const { step, registers } = this;
    const limit = step.length === null ? undefined : itemOf(hostAt(registers, step.length));
    let trips = limit ?? Infinity;
    const lengths: number[] = [];
    for (const s of step.xs) {
      const v = valueAt(registers, s);
      const length = isList(v) ? lengthOf(v) : v.shape[0];
      if (length === undefined) return undefined;
      // A list may be shorter where trips are counted, and reads as zeros then.
      if (limit === undefined || !isList(v)) trips = Math.min(trips, length);
      lengths.push(length);
    }
    const agree = lengths.every((n) => (limit === undefined ? n === trips : n >= trips));
    return agree && trips > 0 ? trips : undefined;
  }

  #arguments(): readonly Argument[] | undefined {
    const { step, registers, backend } = this;
    const args: Argument[] = [];
    const add = (arg: Argument | undefined): boolean => arg !== undefined && args.push(arg) > 0;
    const all =
      step.consts.every((s) => add(tensorArgument(valueAt(registers, s), true, backend))) &&
      step.carry.every((s) => add(tensorArgument(valueAt(registers, s), false, backend))) &&
      step.xs.every((s) => add(sequenceArgument(valueAt(registers, s), backend)));
    return all ? args : undefined;
  }

  #madeFor(args: readonly Argument[]): Made | undefined {
    const known = this.#entries.find(({ given, made }) => args.every((arg, i) => fits(arg, given[i], made, i)));
    if (known !== undefined) return known.made;
    const specialised = specialise(this.step, args);
    const kernel = specialised && this.backend.compileLoop?.(specialised.loop);
    const made = specialised && kernel && { ...specialised, kernel };
    const given = args.map(({ dtype, shape: s, value }, i): Given => {
      const kept = value !== undefined && made?.elements.has(i) === true;
      return kept ? { dtype, shape: s, value: { ...value, data: value.data.slice() } } : { dtype, shape: s };
    });
    if (this.#entries.length === KEPT) this.#entries.shift()?.made?.kernel.dispose();
    this.#entries.push({ given, made });
    return made;
  }

  /** Runs a loop of known length, on random numbers that are drawn first. `own` gets the tensors made for that. */
  #counted({ kernel, draws }: Made, given: LoopArguments, own: DeviceTensor[]): LoopResults | undefined {
    if (draws.length === 0) return kernel.run(given);
    const streams = draws.map(({ attrs }) => this.machine.stream(attrs.stream));
    const before = streams.map((stream) => stream.state);
    const { trips } = given;
    const rows = draws.map((): HostTensor[] => []);
    for (let t = 0; t < trips; t++) {
      draws.forEach(({ op, attrs, inputs }, i) => {
        rows[i][this.step.reverse ? trips - 1 - t : t] = streams[i].draw(op, attrs.dtype, inputs);
      });
    }
    const numbers = rows.map((row) => this.backend.upload(stackOnHost(row)));
    own.push(...numbers);
    const results = kernel.run({ ...given, xs: [...given.xs, ...numbers] });
    // Step by step, the loop draws again.
    if (results === undefined) streams.forEach((stream, i) => (stream.state = before[i]));
    return results;
  }

  /** Runs a loop of unknown length in pieces, each twice as long as the one before, and joins what they make. */
  #unbounded(kernel: LoopKernel, { consts, carry: from, xs }: Omit<LoopArguments, 'trips'>): LoopResults | undefined {
    const { backend } = this;
    const parts: LoopResults[] = [];
    let carry = from;
    let trips = 0;
    for (let rows = FIRST_ROWS, ended = false; !ended; rows *= 2) {
      const part = kernel.run({ consts, carry, xs, trips: rows });
      if (part === undefined) {
        for (const p of parts) [...p.carry, ...p.ys].forEach((x) => backend.free(x));
        return undefined;
      }
      parts.push(part);
      ({ carry } = part);
      trips += part.trips;
      ended = part.trips < rows;
    }
    for (const p of parts.slice(0, -1)) p.carry.forEach((c) => backend.free(c));
    if (parts.length === 1) return parts[0];
    const ys = parts[0].ys.map((_, i) => {
      const pieces = parts.map((p) => p.ys[i]);
      const whole = call(backend, shape.concat, pieces);
      pieces.forEach((y) => backend.free(y));
      return whole;
    });
    return { carry, ys, trips };
  }

  #finish({ carry, ys, trips }: LoopResults, { rows }: Made): void {
    const { step, body, backend } = this;
    const { params, results, slots } = body.program;
    const carries = carry.map((x, i) =>
      slots[params[step.consts.length + i].slot].holds === 'host' ? this.#fetched(x) : x,
    );
    let made = 0;
    const lists = rows.map((row, i): ListValue => {
      if (row !== undefined) return { dtype: row.dtype, items: new Array<Value>(trips).fill(row), refs: 1 };
      const stack = ys[made++];
      if (!this.#isHosted(results[carries.length + i].slot)) return rowsOf(backend, stack);
      return { dtype: stack.dtype, items: rowsOnHost(this.#fetched(stack)), refs: 1 };
    });
    this.machine.profiling?.recorder?.note(`${trips} trips as one kernel`);
    fill(this.registers, step.outputs, [...carries, ...lists, hostScalar('int32', trips)]);
  }

  #isHosted(s: Slot): boolean {
    return this.body.program.slots[s].holds === 'host';
  }

  /** A tensor in host memory, instead of on the device. */
  #fetched(x: DeviceTensor): HostTensor {
    const fetched = this.backend.download(x);
    if (fetched instanceof Promise) throw new Error(`${this.backend.name}: expected a loop's result at once.`);
    this.backend.free(x);
    return fetched;
  }
}

/** Whether a kernel that was made for `given` is one for an argument. */
function fits(arg: Argument, given: Given, made: Made | undefined, i: number): boolean {
  if (arg.dtype !== given.dtype || !sameShape(arg.shape, given.shape)) return false;
  if (made?.elements.has(i) !== true) return true;
  return arg.value !== undefined && given.value !== undefined && sameElements(arg.value, given.value);
}

function tensorArgument(v: Value, isConst: boolean, backend: Backend): Argument | undefined {
  if (isList(v)) return undefined;
  const { dtype, shape: s } = v;
  if (isDevice(v)) return { dtype, shape: s, put: () => ({ tensor: v, isOwn: false }) };
  const put = (): ReturnType<Argument['put']> => ({ tensor: backend.upload(v), isOwn: true });
  return isConst ? { dtype, shape: s, value: v, put } : { dtype, shape: s, put };
}

function sequenceArgument(v: Value, backend: Backend): Argument | undefined {
  if (!isList(v)) {
    const row = { dtype: v.dtype, shape: v.shape.slice(1) };
    if (isDevice(v)) return { ...row, put: () => ({ tensor: v, isOwn: false }) };
    return { ...row, put: () => ({ tensor: backend.upload(v), isOwn: true }) };
  }
  if (v instanceof Rows) {
    const { stack } = v;
    return { dtype: stack.dtype, shape: stack.shape.slice(1), put: () => ({ tensor: stack, isOwn: false }) };
  }
  const [first] = v.items;
  if (first == null || isList(first)) return undefined;
  const { dtype, shape: s } = first;
  const alike = (x: Value | null): boolean => x !== null && !isList(x) && sameShape(x.shape, s);
  if (!v.items.every(alike)) return undefined;
  const onHost = v.items.filter((x) => x !== null && isHost(x));
  if (onHost.length === v.items.length) {
    const put = (): ReturnType<Argument['put']> => ({ tensor: backend.upload(stackOnHost(onHost)), isOwn: true });
    return isHost(first) && onHost.every((x) => x === first || sameElements(x, first))
      ? { dtype, shape: s, value: first, put }
      : { dtype, shape: s, put };
  }
  const onDevice = v.items.filter((x) => x !== null && isDevice(x));
  if (onDevice.length < v.items.length) return undefined;
  return { dtype, shape: s, put: () => ({ tensor: call(backend, shape.pack, onDevice), isOwn: true }) };
}

/** Tensors joined along their first axis, or a new one. */
function call(
  backend: Backend,
  op: typeof shape.pack | typeof shape.concat,
  pieces: readonly DeviceTensor[],
): DeviceTensor {
  const joined = kernelFor(backend, op)?.(pieces, { attrs: { axis: 0 }, host: [], donated: pieces.map(() => false) });
  if (joined === undefined || joined instanceof Promise) {
    throw new Error(`${backend.name}: a backend that compiles loops needs a kernel for ${op.name} that does not wait.`);
  }
  return single(joined);
}

function stackOnHost(items: readonly HostTensor[]): HostTensor {
  const [{ dtype, shape: s }] = items;
  const size = sizeOf(s);
  const data = allocate(dtype, items.length * size);
  items.forEach((x, i) => data.set(x.data, i * size));
  return { dtype, shape: [items.length, ...s], data };
}

function rowsOnHost({ dtype, shape: [count, ...row], data }: HostTensor): HostTensor[] {
  const size = sizeOf(row);
  return Array.from({ length: count }, (_, i) => ({ dtype, shape: row, data: data.slice(i * size, (i + 1) * size) }));
}
