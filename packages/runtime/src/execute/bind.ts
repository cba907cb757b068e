import { type Node, GraphError, type Op, explain, showSpec } from '@tensorloom/graph';
import type { Kernel } from '../backend.js';
import { kernelFor } from '../foreign.js';
import { type FusedAttrs, fused } from '../lower/fuse.js';
import type { KernelStep, LoopStep, Program, Register, Slot, Step } from '../lower/program.js';
import { updateOf } from '../lower/update-of.js';
import {
  assignAction,
  copyAction,
  downloadAction,
  hostAction,
  kernelAction,
  listAction,
  randomAction,
  readAction,
  releaseAction,
  uploadAction,
} from './actions.js';
import { BoundProgram } from './bound-program.js';
import { branchAction } from './branch.js';
import { CompiledLoop } from './compiled-loop.js';
import { loopAction } from './loop.js';
import { type Machine, machineOf } from './machine.js';
import { regionKernel } from './region.js';

/** Makes a program ready to run on a machine. Throws a `GraphError` when its backend has no kernel for a step, or does not hold a dtype. */
export function bind(program: Program, m: Machine): BoundProgram {
  for (const register of program.slots) checkHeld(register, m);
  const parts: { dispose(): void }[] = [];
  const inner = (p: Program): BoundProgram => {
    const body = bind(p, m);
    parts.push(body);
    return body;
  };
  const on = (s: Slot): Machine => machineOf(program.slots[s], m);
  return new BoundProgram(
    program,
    m,
    (step, registers, next) => {
      switch (step.kind) {
        case 'kernel': {
          const here = step.outputs.length === 0 ? m : on(step.outputs[0]);
          const kernel = isFused(step) ? regionKernel(here.backend, step.attrs) : kernelOf(step.op, step.origin, here);
          return kernelAction(step, kernel, registers, here);
        }
        case 'host':
          return hostAction(step, registers, program);
        case 'list': {
          const last = next?.kind === 'release' && next.slots.includes(step.inputs[0]);
          return listAction(step, last, registers, on(step.outputs[0]), program);
        }
        case 'upload':
          return uploadAction(step, registers, on(step.output));
        case 'download':
          return downloadAction(step, registers, m);
        case 'copy':
          return copyAction(step, registers, on(step.output));
        case 'random':
          return randomAction(step, registers, m);
        case 'read':
          return readAction(step, registers, m);
        case 'assign': {
          const op = updateOf(step.op);
          const here = on(step.output);
          return assignAction(step, op && kernelOf(op, step.origin, here), registers, here);
        }
        case 'loop': {
          const body = inner(step.body);
          const compiled = compiles(step, m) ? new CompiledLoop(step, body, registers, m) : undefined;
          if (compiled !== undefined) parts.push(compiled);
          return loopAction(step, body, step.cond && inner(step.cond), registers, m, program, compiled);
        }
        case 'cond':
          return branchAction(step, inner(step.then), inner(step.otherwise), registers);
        case 'release':
          return releaseAction(step, registers, m);
      }
    },
    parts,
  );
}

/** What a loop may consist of that runs as one kernel. */
const compilable: ReadonlySet<Step['kind']> = new Set([
  'const',
  'upload',
  'download',
  'kernel',
  'host',
  'random',
  'release',
]);

/** Whether it is worth trying to run a loop as one kernel. */
function compiles({ body, cond }: LoopStep, m: Machine): boolean {
  if (m.backend.compileLoop === undefined || m.checkNumerics === true || m.devices !== undefined) return false;
  return [...body.steps, ...(cond?.steps ?? [])].every((s) => compilable.has(s.kind));
}

/** Whether a step computes a fused region. */
const isFused = (step: KernelStep): step is KernelStep & { readonly attrs: FusedAttrs } => step.op === fused;

/** The kernel for `op` that running `origin` takes. */
function kernelOf(op: Op, origin: Node, { backend }: Machine): Kernel<unknown> {
  const kernel = kernelFor(backend, op);
  if (kernel !== undefined) return kernel;
  const what = op === origin.op ? 'this op' : `${op.name}, which this op needs`;
  throw new GraphError(
    explain(
      `${origin.op.name}: backend '${backend.name}' has no kernel for ${what}. Use another backend, add the kernel to its table, or make the session with { allowSoftPlacement: true }.`,
      origin.toString(),
      origin.location,
    ),
  );
}

function checkHeld(register: Register, m: Machine): void {
  const { holds, spec, origin } = register;
  const { backend } = machineOf(register, m);
  if (holds !== 'device' || backend.dtypes.has(spec.dtype)) return;
  const node = origin.op;
  throw new GraphError(
    explain(
      `${node.op.name}: backend '${backend.name}' does not hold ${spec.dtype}, expected one of ${[...backend.dtypes].join(', ')}, got ${origin.name} ${showSpec(spec)}. Build it with another dtype, use another backend, or make the session with { allowSoftPlacement: true }.`,
      node.toString(),
      node.location,
    ),
  );
}
