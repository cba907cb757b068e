import { type Node, type Op, type Variable, GraphError, elementwise, explain, messageOf, showShape, state } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor } from '../backend.js';
import { hostKernels } from '../host/index.js';
import type { BoundProgram, BoundStep } from './bind.js';
import { runCond, runLoop } from './control.js';
import { runList } from './lists.js';
import { type Machine, type Run, settle, single } from './machine.js';
import { type Value, isDevice, isHost, isList, release, retain } from './values.js';

/**
 * Runs a program. Owned arguments become the program's; each result is a reference for the caller. When a step fails, what the
 * program holds is released and a `GraphError` names the step's node; variables are as they were before that step.
 */
export function* execute(program: BoundProgram, args: readonly Value[], m: Machine): Run<Value[]> {
  const slots: (Value | undefined)[] = new Array<Value | undefined>(program.slots.length);
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
        const out = step.run(step.inputs.map((s) => device(slots, s)), { attrs: step.attrs, host: step.host.map((s) => host(slots, s)), donated: step.donated });
        fill(slots, step.outputs, out instanceof Promise ? ((yield out) as DeviceTensor) : out);
      } else yield* runStep(step, slots, program, m);
    }
  } catch (e) {
    releaseAll(program, slots, m.backend);
    throw current === undefined ? e : explained(e, current, slots);
  }
  const results = program.results.map((r) => ({ value: get(slots, r.slot), move: r.move }));
  return results.map(({ value, move }) => (move ? value : retain(m.backend, value)));
}

function* runStep(step: Exclude<BoundStep, { kind: 'kernel' | 'release' }>, slots: (Value | undefined)[], program: BoundProgram, m: Machine): Run<void> {
  const { backend } = m;
  switch (step.kind) {
    case 'const': {
      if (program.slots[step.output].holds === 'host') slots[step.output] = step.value;
      else {
        let made = program.constants.get(step);
        if (made === undefined) program.constants.set(step, (made = backend.upload(step.value)));
        slots[step.output] = backend.retain(made);
      }
      return;
    }
    case 'upload':
      slots[step.output] = backend.upload(host(slots, step.input));
      return;
    case 'download':
      slots[step.output] = yield* settle(backend.download(device(slots, step.input)));
      return;
    case 'host': {
      const kernel = hostKernels.get(step.op);
      if (kernel === undefined) throw new Error(`${step.op.name}: no host kernel.`);
      fill(slots, step.outputs, kernel(step.inputs.map((s) => shaped(get(slots, s))), step.attrs));
      return;
    }
    case 'random':
      slots[step.output] = m.stream(step.attrs.stream).draw(step.op, step.attrs.dtype, step.inputs.map((s) => host(slots, s)));
      return;
    case 'read': {
      const value = m.variables.get(step.variable);
      if (value === undefined) {
        throw new GraphError(
          explain(
            `ReadVariable: variable '${step.variable.name}' has no value yet. Run globalVariablesInitializer() first, or assign to it.`,
            step.variable.toString(),
            step.variable.location,
          ),
        );
      }
      slots[step.output] = backend.retain(value);
      return;
    }
    case 'assign': {
      const next = yield* assigned(step.op, step.variable, device(slots, step.input), m);
      const old = m.variables.get(step.variable);
      m.variables.set(step.variable, next);
      if (old !== undefined) backend.free(old);
      slots[step.output] = backend.retain(next);
      return;
    }
    case 'list':
      slots[step.outputs[0]] = yield* runList(step.op, step.inputs.map((s) => get(slots, s)), m, program.slots[step.outputs[0]]);
      return;
    case 'loop':
      fill(slots, step.outputs, yield* runLoop(step, (s) => get(slots, s), m, execute));
      return;
    case 'cond':
      fill(slots, step.outputs, yield* runCond(step, (s) => get(slots, s), m, execute));
  }
}

/** The new value of a variable, a reference of its own. */
function* assigned(op: Op, variable: Variable, x: DeviceTensor, m: Machine): Run<DeviceTensor> {
  if (op === (state.assign as Op)) {
    if (variable.shape.length !== x.shape.length || variable.shape.some((d, i) => d !== x.shape[i])) {
      throw new Error(`Assign: variable '${variable.name}' has shape ${showShape(variable.shape)}, got ${showShape(x.shape)}.`);
    }
    return m.backend.retain(x);
  }
  const old = m.variables.get(variable);
  if (old === undefined) throw new Error(`${op.name}: variable '${variable.name}' has no value yet. Run globalVariablesInitializer() first.`);
  const kernel = m.backend.kernels.get((op === (state.assignAdd as Op) ? elementwise.add : elementwise.sub) as Op);
  if (kernel === undefined) throw new Error(`${op.name}: backend '${m.backend.name}' has no kernel for addition.`);
  const out = yield* settle(kernel([old, x], { attrs: {}, host: [], donated: [false, false] }));
  return single(out);
}

function fill(slots: (Value | undefined)[], outputs: readonly number[], out: Value | readonly Value[]): void {
  if (Array.isArray(out)) outputs.forEach((s, i) => (slots[s] = (out as readonly Value[])[i]));
  else slots[outputs[0]] = out as Value;
}

function get(slots: readonly (Value | undefined)[], s: number): Value {
  const v = slots[s];
  if (v === undefined) throw new Error(`execute: register ${s} is empty.`);
  return v;
}

function device(slots: readonly (Value | undefined)[], s: number): DeviceTensor {
  const v = slots[s];
  if (v === undefined || !isDevice(v)) throw new Error(`execute: register ${s} holds no device tensor.`);
  return v;
}

function host(slots: readonly (Value | undefined)[], s: number): HostTensor {
  const v = slots[s];
  if (v === undefined || !isHost(v)) throw new Error(`execute: register ${s} holds no host tensor.`);
  return v;
}

/** A tensor for a host kernel: shapes are read off device tensors without moving their elements. */
function shaped(v: Value): HostTensor {
  if (isHost(v)) return v;
  if (isDevice(v)) return { dtype: v.dtype, shape: v.shape, data: EMPTY };
  throw new Error('execute: a list has no shape.');
}
const EMPTY = new Float32Array(0);

/** Gives back all that a failed program holds; borrowed arguments stay the caller's. */
function releaseAll(program: BoundProgram, slots: readonly (Value | undefined)[], backend: Backend): void {
  const borrowed = new Set(program.params.filter((p) => !p.owned).map((p) => p.slot));
  slots.forEach((v, s) => {
    if (v !== undefined && !borrowed.has(s)) release(backend, v);
  });
}

function explained(e: unknown, step: BoundStep, slots: readonly (Value | undefined)[]): unknown {
  if (e instanceof GraphError || !('origin' in step)) return e;
  const node: Node = step.origin;
  const inputs = 'inputs' in step ? [...step.inputs, ...('host' in step ? step.host : [])] : 'input' in step ? [step.input] : [];
  const shown = inputs.map((s) => {
    const v = slots[s];
    return v === undefined || isList(v) ? 'a list' : `${v.dtype}${showShape(v.shape)}`;
  });
  return new GraphError(explain(messageOf(e), `'${node.name}' = ${node.op.name}(${shown.join(', ')})`, node.location), { cause: e });
}

