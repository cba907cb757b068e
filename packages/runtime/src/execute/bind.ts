import { type Node, GraphError, type Op, explain, showSpec } from '@tensorloom/graph';
import type { Kernel } from '../backend.js';
import { kernelFor } from '../foreign.js';
import type { Program, Register } from '../lower/program.js';
import {
  assignAction,
  downloadAction,
  hostAction,
  kernelAction,
  listAction,
  randomAction,
  readAction,
  releaseAction,
  updateOf,
  uploadAction,
} from './actions.js';
import { BoundProgram } from './bound-program.js';
import { branchAction } from './branch.js';
import { loopAction } from './loop.js';
import type { Machine } from './machine.js';

/** Makes a program ready to run on a machine. Throws a `GraphError` when its backend has no kernel for a step, or does not hold a dtype. */
export function bind(program: Program, m: Machine): BoundProgram {
  for (const register of program.slots) checkHeld(register, m);
  const bodies: BoundProgram[] = [];
  const inner = (p: Program): BoundProgram => {
    const body = bind(p, m);
    bodies.push(body);
    return body;
  };
  return new BoundProgram(
    program,
    m,
    (step, registers, next) => {
      switch (step.kind) {
        case 'kernel':
          return kernelAction(step, kernelOf(step.op, step.origin, m), registers, m);
        case 'host':
          return hostAction(step, registers, program);
        case 'list': {
          const last = next?.kind === 'release' && next.slots.includes(step.inputs[0]);
          return listAction(step, last, registers, m, program);
        }
        case 'upload':
          return uploadAction(step, registers, m);
        case 'download':
          return downloadAction(step, registers, m);
        case 'random':
          return randomAction(step, registers, m);
        case 'read':
          return readAction(step, registers, m);
        case 'assign': {
          const op = updateOf(step.op);
          return assignAction(step, op && kernelOf(op, step.origin, m), registers, m);
        }
        case 'loop':
          return loopAction(step, inner(step.body), step.cond && inner(step.cond), registers, m);
        case 'cond':
          return branchAction(step, inner(step.then), inner(step.otherwise), registers);
        case 'release':
          return releaseAction(step, registers, m);
      }
    },
    bodies,
  );
}

/** The kernel for `op` that running `origin` takes. */
function kernelOf(op: Op, origin: Node, { backend }: Machine): Kernel<unknown> {
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

function checkHeld({ holds, spec, origin }: Register, { backend }: Machine): void {
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
