import { type Node, type Variable, GraphError, explain, messageOf, showShape, showSpec } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor } from '../backend.js';
import { hostKernels } from '../host/index.js';
import { type Slot, reads } from '../lower/program.js';
import type { BoundProgram, BoundStep } from './bind.js';
import { nonFiniteOf } from './check.js';
import { runCond, runLoop } from './control.js';
import { runList } from './lists.js';
import { type Machine, type Produced, type Run, settle, single } from './machine.js';
import { type Value, isDevice, isHost, isList, release, retain } from './values.js';

type Slots = (Value | undefined)[];

/**
 * Runs a program. Owned arguments become the program's; each result is a reference for the caller. When a step fails, what the
 * program holds is released and a `GraphError` names the step's node; variables are as they were before that step.
 */
export function* execute(program: BoundProgram, args: readonly Value[], m: Machine): Run<Value[]> {
  const slots: Slots = new Array<Value | undefined>(program.slots.length);
  program.params.forEach((p, i) => (slots[p.slot] = args[i]));
  let current: BoundStep | undefined;
  try {
    for (const step of program.steps) {
      current = step;
      if (step.kind === 'release') {
        for (const s of step.slots) {
          release(m.backend, get(slots, s));
          slots[s] = undefined;
        }
      } else if (step.kind === 'kernel') {
        const host = step.host.length === 0 ? NONE : step.host.map((s) => hostAt(slots, s));
        const call = { attrs: step.attrs, host, donated: step.donated };
        const inputs = step.inputs.map((s) => deviceAt(slots, s));
        const made = step.run(inputs, call);
        fill(slots, step.outputs, made instanceof Promise ? ((yield made) as Produced) : made);
        if (m.checkNumerics) yield* checkOutputs(step, slots, m);
      } else if (!runNow(step, slots, program, m)) yield* runStep(step, slots, program, m);
    }
  } catch (e) {
    const error = current === undefined ? e : explained(e, current, slots, program);
    releaseAll(program, slots, m.backend);
    throw error;
  }
  return program.results.map(({ slot, move }) => {
    const value = get(slots, slot);
    return move ? value : retain(m.backend, value);
  });
}

/** Runs a step that never has to wait, without a generator, of which there would be one per step and trip. Returns whether it was one. */
function runNow(step: BoundStep, slots: Slots, program: BoundProgram, m: Machine): boolean {
  const { backend } = m;
  switch (step.kind) {
    case 'const':
      slots[step.output] = program.slots[step.output].holds === 'host' ? step.value : constant(step, program, backend);
      return true;
    case 'upload':
      slots[step.output] = backend.upload(hostAt(slots, step.input));
      return true;
    case 'host': {
      const kernel = hostKernels.get(step.op);
      if (kernel === undefined) throw new Error(`${step.op.name}: the host has no kernel for this op.`);
      const inputs = step.inputs.map((s) => shaped(get(slots, s)));
      fill(slots, step.outputs, kernel(inputs, step.attrs));
      return true;
    }
    case 'random': {
      const inputs = step.inputs.map((s) => hostAt(slots, s));
      slots[step.output] = m.stream(step.attrs.stream).draw(step.op, step.attrs.dtype, inputs);
      return true;
    }
    case 'read':
      slots[step.output] = backend.retain(valueOf(step.variable, 'ReadVariable', m));
      return true;
    default:
      return false;
  }
}

function* runStep(step: BoundStep, slots: Slots, program: BoundProgram, m: Machine): Run<void> {
  const { backend } = m;
  switch (step.kind) {
    case 'download':
      slots[step.output] = yield* settle(backend.download(deviceAt(slots, step.input)));
      return;
    case 'assign': {
      const next = yield* assigned(step, deviceAt(slots, step.input), m);
      if (m.checkNumerics) yield* checkAssigned(step, next, m);
      const old = m.variables.get(step.variable);
      m.variables.set(step.variable, next);
      if (old !== undefined) backend.free(old);
      slots[step.output] = backend.retain(next);
      return;
    }
    case 'list': {
      const inputs = step.inputs.map((s) => get(slots, s));
      slots[step.outputs[0]] = yield* runList(step, inputs, m, program.slots[step.outputs[0]]);
      return;
    }
    case 'loop':
      fill(slots, step.outputs, yield* runLoop(step, (s) => get(slots, s), m, execute));
      return;
    case 'cond':
      fill(slots, step.outputs, yield* runCond(step, (s) => get(slots, s), m, execute));
      return;
    default:
      throw new Error(`execute: a step of kind '${step.kind}' never waits.`);
  }
}

/** Throws when what a kernel computed is not finite. */
function* checkOutputs(
  { outputs, origin }: Extract<BoundStep, { kind: 'kernel' }>,
  slots: Slots,
  m: Machine,
): Run<void> {
  for (const s of outputs) checkFound(yield* nonFiniteOf(deviceAt(slots, s), m.backend), origin.name);
}

function checkFound(found: string | null, name: string): void {
  if (found === null) return;
  throw new Error(
    `checkNumerics: '${name}' gave ${found}, expected finite numbers. Look at how its inputs came about.`,
  );
}

/** A reference to a constant on the device, put there when it is first used. */
function constant(
  step: Extract<BoundStep, { kind: 'const' }>,
  { constants }: BoundProgram,
  backend: Backend,
): DeviceTensor {
  const made = constants.get(step) ?? backend.upload(step.value);
  constants.set(step, made);
  return backend.retain(made);
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

type Assign = Extract<BoundStep, { kind: 'assign' }>;

/** Throws when a variable's new value is not finite; then it keeps the old one. */
function* checkAssigned({ origin }: Assign, next: DeviceTensor, m: Machine): Run<void> {
  try {
    checkFound(yield* nonFiniteOf(next, m.backend), origin.name);
  } catch (e) {
    m.backend.free(next);
    throw e;
  }
}

/** The new value of a variable, a reference of its own. */
function* assigned({ op, variable, run }: Assign, x: DeviceTensor, m: Machine): Run<DeviceTensor> {
  if (variable.shape.length !== x.shape.length || variable.shape.some((d, i) => d !== x.shape[i])) {
    throw new Error(
      `${op.name}: variable '${variable.name}' has shape ${showShape(variable.shape)}, got ${showShape(x.shape)}. Reshape the value, or make a variable of that shape.`,
    );
  }
  if (run === null) return m.backend.retain(x);
  // The variable's reference to the old value is given away: when nobody else reads it, it is changed in place. A checked value may
  // be refused, and then the old one stays.
  const inputs = [valueOf(variable, op.name, m), x];
  return single(yield* settle(run(inputs, { attrs: {}, host: [], donated: [!m.checkNumerics, false] })));
}

function fill(slots: Slots, outputs: readonly Slot[], out: Value | readonly Value[]): void {
  if (isSeveral(out)) outputs.forEach((s, i) => (slots[s] = out[i]));
  else slots[outputs[0]] = out;
}

const isSeveral = (out: Value | readonly Value[]): out is readonly Value[] => Array.isArray(out);

function get(slots: Slots, s: Slot): Value {
  const v = slots[s];
  if (v === undefined) throw new Error(`execute: register ${s} is empty.`);
  return v;
}

function deviceAt(slots: Slots, s: Slot): DeviceTensor {
  const v = get(slots, s);
  if (!isDevice(v)) throw new Error(`execute: register ${s} holds no device tensor.`);
  return v;
}

function hostAt(slots: Slots, s: Slot): HostTensor {
  const v = get(slots, s);
  if (!isHost(v)) throw new Error(`execute: register ${s} holds no host tensor.`);
  return v;
}

/** A tensor for a host kernel that reads only its shape: that of a device tensor is known without moving its elements. */
function shaped(v: Value): HostTensor {
  if (isHost(v)) return v;
  if (isDevice(v)) return { dtype: v.dtype, shape: v.shape, data: NO_ELEMENTS };
  throw new Error('execute: a list has no shape.');
}
const NO_ELEMENTS = new Float32Array(0);
const NONE: readonly HostTensor[] = [];

/** Gives back all that a failed program holds; borrowed arguments stay the caller's. */
function releaseAll(program: BoundProgram, slots: Slots, backend: Backend): void {
  const borrowed = new Set(program.params.filter((p) => !p.owned).map((p) => p.slot));
  slots.forEach((v, s) => {
    if (v !== undefined && !borrowed.has(s)) release(backend, v);
  });
}

/** The error of a step, with the node it came from and the shapes that its inputs really had. */
function explained(e: unknown, step: BoundStep, slots: Slots, program: BoundProgram): unknown {
  if (e instanceof GraphError || step.kind === 'release') return e;
  const node: Node = 'origin' in step ? step.origin : program.slots[step.output].origin.op;
  const inputs = reads(step).map((s) => {
    const v = slots[s];
    const { origin, spec } = program.slots[s];
    return `${origin.name} ${v === undefined || isList(v) ? showSpec(spec) : `${v.dtype}${showShape(v.shape)}`}`;
  });
  return new GraphError(
    explain(messageOf(e), `'${node.name}' = ${node.op.name}(${inputs.join(', ')})`, node.location),
    {
      cause: e,
    },
  );
}
