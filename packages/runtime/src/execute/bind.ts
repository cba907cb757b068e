import { GraphError, explain, showSpec } from '@tensorloom/graph';
import type { Backend, DeviceTensor, Kernel } from '../backend.js';
import type { CondStep, KernelStep, LoopStep, Program, Step } from '../lower/program.js';

/** A step with what it needs of one backend. */
export type BoundStep =
  | Exclude<Step, KernelStep | LoopStep | CondStep>
  | (KernelStep & { readonly run: Kernel<unknown> })
  | (Omit<LoopStep, 'body' | 'cond'> & { readonly body: BoundProgram; readonly cond: BoundProgram | null })
  | (Omit<CondStep, 'then' | 'otherwise'> & { readonly then: BoundProgram; readonly otherwise: BoundProgram });

/** A program ready to run on one backend. */
export interface BoundProgram extends Omit<Program, 'steps'> {
  readonly steps: readonly BoundStep[];
  /** Constants on the device, filled as the steps that make them first run. */
  readonly constants: Map<BoundStep, DeviceTensor>;
}

/** Finds the backend's kernel for every step. Throws a `GraphError` naming op, dtype and backend when there is none. */
export function bind(program: Program, backend: Backend): BoundProgram {
  const steps = program.steps.map((step): BoundStep => {
    switch (step.kind) {
      case 'kernel':
        return { ...step, run: kernelOf(step, program, backend) };
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

function kernelOf(step: KernelStep, { slots }: Program, backend: Backend): Kernel<unknown> {
  const fail = (message: string): never => {
    throw new GraphError(explain(message, step.origin.toString(), step.origin.location));
  };
  for (const s of [...step.inputs, ...step.outputs]) {
    const { spec } = slots[s];
    if (!backend.dtypes.has(spec.dtype)) {
      return fail(`${step.op.name}: backend '${backend.name}' holds ${[...backend.dtypes].join(', ')}, and this needs ${showSpec(spec)}. Use cast(), or another backend.`);
    }
  }
  return backend.kernels.get(step.op) ?? fail(`${step.op.name}: backend '${backend.name}' has no kernel for it. Use another backend, or define a kernel.`);
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

