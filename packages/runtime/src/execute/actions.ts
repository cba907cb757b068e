import { type Node, type Op, type Variable, GraphError, explain, scatteredBy, showShape } from '@tensorloom/graph';
import type { DeviceTensor, HostTensor, Kernel } from '../backend.js';
import { scalarKernel } from '../host/elementwise.js';
import { itemOf } from '../host/host-scalar.js';
import { hostKernels } from '../host/index.js';
import type { AssignStep, KernelStep, MoveStep, PlainStep, Program, Slot, Step } from '../lower/program.js';
import { nonFiniteOf } from './check.js';
import { runList } from './lists.js';
import { type Action, type Machine, type Produced, type Run, type Waiting, begin, settle, single } from './machine.js';
import { type Registers, deviceAt, fill, hostAt, valueAt } from './registers.js';
import { isDevice, isHost, release } from './values.js';

type Of<K extends Step['kind']> = Extract<Step, { readonly kind: K }>;

const NONE: readonly HostTensor[] = [];
const NO_ELEMENTS = new Float32Array(0);

/** Calls a kernel of the backend. */
export function kernelAction(step: KernelStep, run: Kernel<unknown>, registers: Registers, m: Machine): Action {
  const { attrs, donated, inputs, host, outputs } = step;
  const fixed = { attrs, donated, host: NONE };
  const call = (): Waiting | undefined => {
    const given = inputs.map((s) => deviceAt(registers, s));
    const made = run(
      given,
      host.length === 0 ? fixed : { attrs, donated, host: host.map((s) => hostAt(registers, s)) },
    );
    if (made instanceof Promise) return later(made);
    fill(registers, outputs, made);
    return undefined;
  };
  function* later(made: Promise<Produced>): Waiting {
    fill(registers, outputs, (yield made) as Produced);
  }
  if (!m.checkNumerics) return call;
  function* checked(): Waiting {
    const waiting = call();
    if (waiting !== undefined) yield* waiting;
    for (const s of outputs) checkFound(yield* nonFiniteOf(deviceAt(registers, s), m.backend), step.origin.name);
  }
  return () => begin(checked(), nothing);
}

/** Calls a kernel of the host. Elementwise ops on scalars, such as loop counters and conditions, do without arrays. */
export function hostAction(
  { op, attrs, inputs, outputs }: PlainStep,
  registers: Registers,
  { slots }: Program,
): Action {
  const scalar = scalarKernel(
    op,
    inputs.map((s) => slots[s].spec),
  );
  if (scalar !== undefined) {
    const [a, b = a] = inputs;
    const [out] = outputs;
    return () => {
      registers[out] = scalar(itemOf(hostAt(registers, a)), itemOf(hostAt(registers, b)));
      return undefined;
    };
  }
  const kernel = hostKernels.get(op);
  if (kernel === undefined) throw new Error(`${op.name}: the host has no kernel for this op.`);
  return () => {
    const given = inputs.map((s) => shaped(registers, s));
    fill(registers, outputs, kernel(given, attrs));
    return undefined;
  };
}

/** A tensor for a host kernel that reads only its shape: that of a device tensor is known without moving its elements. */
function shaped(registers: Registers, s: Slot): HostTensor {
  const v = valueAt(registers, s);
  if (isHost(v)) return v;
  if (isDevice(v)) return { dtype: v.dtype, shape: v.shape, data: NO_ELEMENTS };
  throw new Error('execute: a list has no shape.');
}

/** Calls an op on lists. `last`: whether its first input is used for the last time, so that it can be changed in place. */
export function listAction(step: PlainStep, last: boolean, registers: Registers, m: Machine, target: Program): Action {
  const { inputs, outputs } = step;
  const bound = { ...step, last };
  const register = target.slots[outputs[0]];
  return () => {
    const given = inputs.map((s) => valueAt(registers, s));
    return begin(runList(bound, given, m, register), (made) => {
      registers[outputs[0]] = made;
    });
  };
}

/** Moves a tensor to the device. */
export const uploadAction =
  ({ input, output }: MoveStep, registers: Registers, { backend }: Machine): Action =>
  () => {
    registers[output] = backend.upload(hostAt(registers, input));
    return undefined;
  };

/** Moves a tensor to the host. */
export const downloadAction =
  ({ input, output }: MoveStep, registers: Registers, { backend }: Machine): Action =>
  () =>
    begin(settle(backend.download(deviceAt(registers, input))), (x) => {
      registers[output] = x;
    });

/** Moves a tensor from one device to another, by way of the host. */
export function copyAction({ input, output }: MoveStep, registers: Registers, { backend }: Machine): Action {
  return () =>
    begin(settle(backend.download(deviceAt(registers, input))), (x) => {
      registers[output] = backend.upload(x);
    });
}

/** Draws random numbers. */
export const randomAction =
  ({ op, attrs, inputs, output }: Of<'random'>, registers: Registers, m: Machine): Action =>
  () => {
    const given = inputs.map((s) => hostAt(registers, s));
    registers[output] = m.stream(attrs.stream).draw(op, attrs.dtype, given);
    return undefined;
  };

/** Releases registers. */
export const releaseAction =
  ({ slots }: Of<'release'>, registers: Registers, { backend }: Machine): Action =>
  () => {
    for (const s of slots) {
      release(backend, valueAt(registers, s));
      registers[s] = undefined;
    }
    return undefined;
  };

/** Reads a variable. */
export const readAction =
  ({ variable, output }: Of<'read'>, registers: Registers, m: Machine): Action =>
  () => {
    registers[output] = m.backend.retain(valueOf(variable, 'ReadVariable', m));
    return undefined;
  };

/** Sets a variable, or adds to it by `run`; it has its old value until the new one is there. */
export function assignAction(step: AssignStep, run: Kernel<unknown> | null, registers: Registers, m: Machine): Action {
  const { variable, inputs, output } = step;
  function* assign(): Run<DeviceTensor> {
    const next = yield* assigned(
      step,
      run,
      inputs.map((s) => deviceAt(registers, s)),
      m,
    );
    if (m.checkNumerics) yield* checkAssigned(step.origin, next, m);
    return next;
  }
  return () =>
    begin(assign(), (next) => {
      const old = m.variables.get(variable);
      m.variables.set(variable, next);
      if (old !== undefined) m.backend.free(old);
      registers[output] = m.backend.retain(next);
    });
}

const scatters: ReadonlySet<Op> = new Set<Op>(scatteredBy.keys());
const differs = (a: readonly number[], b: readonly number[]): boolean =>
  a.length !== b.length || a.some((d, i) => d !== b[i]);

/** The new value of a variable, a reference of its own. */
function* assigned(
  { op, variable }: AssignStep,
  run: Kernel<unknown> | null,
  given: readonly DeviceTensor[],
  m: Machine,
): Run<DeviceTensor> {
  const [x] = given;
  // Of what is scattered the kernel checks the shapes.
  if (!scatters.has(op) && differs(x.shape, variable.shape)) {
    throw new Error(
      `${op.name}: variable '${variable.name}' has shape ${showShape(variable.shape)}, got ${showShape(x.shape)}. Reshape the value, or make a variable of that shape.`,
    );
  }
  if (run === null) return m.backend.retain(x);
  // The variable's reference to the old value is given away: when nobody else reads it, it is changed in place. A checked value may
  // be refused, and then the old one stays.
  const inputs = [valueOf(variable, op.name, m), ...given];
  const donated = inputs.map((_, i) => i === 0 && !m.checkNumerics);
  return single(yield* settle(run(inputs, { attrs: {}, host: [], donated })));
}

/** Throws when a variable's new value is not finite; then it keeps the old one. */
function* checkAssigned({ name }: Node, next: DeviceTensor, m: Machine): Run<void> {
  try {
    checkFound(yield* nonFiniteOf(next, m.backend), name);
  } catch (e) {
    m.backend.free(next);
    throw e;
  }
}

function checkFound(found: string | null, name: string): void {
  if (found === null) return;
  throw new Error(
    `checkNumerics: '${name}' gave ${found}, expected finite numbers. Look at how its inputs came about.`,
  );
}

function valueOf(variable: Variable, op: string, m: Machine): DeviceTensor {
  const value = m.variables.get(variable);
  if (value !== undefined) return value;
  throw new GraphError(
    explain(
      `${op}: variable '${variable.name}' has no value yet. Run globalVariablesInitializer() first, or assign to it.`,
      variable.toString(),
      variable.location,
    ),
  );
}

const nothing = (): void => undefined;
