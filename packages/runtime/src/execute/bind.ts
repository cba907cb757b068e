import { type Node, GraphError, type Op, elementwise, explain, showSpec, state } from '@tensorloom/graph';
import type { Backend, DeviceTensor, Kernel } from '../backend.js';
import { kernelFor } from '../foreign.js';
import type { AssignStep, CondStep, KernelStep, LoopStep, Program, Register, Step } from '../lower/program.js';

type PlainStep = Extract<Step, { readonly kind: 'host' | 'list' }>;

/** A step with what it needs of one backend. */
export type BoundStep =
  | Exclude<Step, KernelStep | AssignStep | LoopStep | CondStep | PlainStep>
  /** `last`: whether its first input is used for the last time, so that a list can be changed in place. */
  | (PlainStep & { readonly last: boolean })
  | (KernelStep & { readonly run: Kernel<unknown> })
  | (AssignStep & {
      /** From the old value and the input to the new value; `null` when that is the input. */
      readonly run: Kernel<unknown> | null;
    })
  | (Omit<LoopStep, 'body' | 'cond'> & { readonly body: BoundProgram; readonly cond: BoundProgram | null })
  | (Omit<CondStep, 'then' | 'otherwise'> & { readonly then: BoundProgram; readonly otherwise: BoundProgram });

/** A program ready to run on one backend. */
export interface BoundProgram extends Omit<Program, 'steps'> {
  readonly steps: readonly BoundStep[];
  /** Constants on the device, filled as the steps that make them first run. */
  readonly constants: Map<BoundStep, DeviceTensor>;
}

/** Finds the backend's kernel for every step. Throws a `GraphError` when it has none, or does not hold a dtype. */
export function bind(program: Program, backend: Backend): BoundProgram {
  for (const register of program.slots) checkHeld(register, backend);
  const steps = program.steps.map((step, i): BoundStep => {
    switch (step.kind) {
      case 'kernel':
        return { ...step, run: kernelOf(step.op, step.origin, backend) };
      case 'assign':
        return { ...step, run: updateOf(step, backend) };
      case 'host':
      case 'list': {
        const next = program.steps.at(i + 1);
        return { ...step, last: next?.kind === 'release' && next.slots.includes(step.inputs[0]) };
      }
      case 'loop':
        return { ...step, body: bind(step.body, backend), cond: step.cond && bind(step.cond, backend) };
      case 'cond':
        return { ...step, then: bind(step.then, backend), otherwise: bind(step.otherwise, backend) };
      default:
        return step;
    }
  });
  return { ...program, steps, constants: new Map() };
}

/** The kernel for `op` that running `origin` takes. */
function kernelOf(op: Op, origin: Node, backend: Backend): Kernel<unknown> {
  const kernel = kernelFor(backend, op);
  if (kernel !== undefined) return kernel;
  const what = op === origin.op ? 'this op' : `${op.name}, which this op needs`;
  throw new GraphError(
    explain(
      `${origin.op.name}: backend '${backend.name}' has no kernel for ${what}. Use another backend, or add the kernel to its table.`,
      origin.toString(),
      origin.location,
    ),
  );
}

function updateOf({ op, origin }: AssignStep, backend: Backend): Kernel<unknown> | null {
  if (op === state.assign) return null;
  return kernelOf(op === state.assignAdd ? elementwise.add : elementwise.sub, origin, backend);
}

function checkHeld({ holds, spec, origin }: Register, backend: Backend): void {
  if (holds !== 'device' || backend.dtypes.has(spec.dtype)) return;
  const node = origin.op;
  throw new GraphError(
    explain(
      `${node.op.name}: backend '${backend.name}' does not hold ${spec.dtype}, expected one of ${[...backend.dtypes].join(', ')}, got ${origin.name} ${showSpec(spec)}. Build it with another dtype, or use another backend.`,
      node.toString(),
      node.location,
    ),
  );
}

/** Gives up the constants of a program that will not run again. */
export function unbind(program: BoundProgram, backend: Backend): void {
  for (const c of program.constants.values()) backend.free(c);
  program.constants.clear();
  for (const s of program.steps) {
    if (s.kind === 'loop') [s.body, ...(s.cond === null ? [] : [s.cond])].forEach((p) => unbind(p, backend));
    else if (s.kind === 'cond') [s.then, s.otherwise].forEach((p) => unbind(p, backend));
  }
}
