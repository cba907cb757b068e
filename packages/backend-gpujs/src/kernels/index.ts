import { type Op, shape } from '@tensorloom/graph';
import { type Kernel, hostKernels } from '@tensorloom/runtime';
import type { Handle, Handles } from '../handles.js';
import { type Rule, gpuKernel, hostKernel } from '../kernel.js';
import { MAX_ARRAYS } from '../kernel-cache.js';
import { aliasKernels } from './alias.js';
import { alongAxisRules } from './along-axis.js';
import { gatherRules } from './gather.js';
import { inGroups } from './in-groups.js';
import { joinRules } from './join.js';
import { matrixRules } from './matmul.js';
import { moveRules } from './move.js';
import { reduceRules } from './reduce.js';
import { regionRules } from './region.js';
import { scatterRules } from './scatter.js';
import { spreadRules } from './spread.js';

/** How ops compute by gpu.js. */
export const rules: ReadonlyMap<Op, Rule> = new Map<Op, Rule>([
  ...regionRules,
  ...moveRules,
  ...spreadRules,
  ...joinRules,
  ...reduceRules,
  ...matrixRules,
  ...gatherRules,
  ...scatterRules,
  ...alongAxisRules,
]);

/** The kernels of all ops. */
export function kernelsFor(handles: Handles): ReadonlyMap<Op, Kernel<Handle>> {
  const kernels = new Map<Op, Kernel<Handle>>(Array.from(hostKernels.keys(), (op) => [op, hostKernel(op, handles)]));
  for (const [op, rule] of rules) kernels.set(op, gpuKernel(op, rule, handles));
  const [concat, pack] = [kernels.get(shape.concat), kernels.get(shape.pack)];
  if (concat === undefined || pack === undefined) throw new Error('gpujs: no kernels that join tensors.');
  kernels.set(shape.concat, inGroups(concat, concat, MAX_ARRAYS, handles));
  kernels.set(shape.pack, inGroups(pack, concat, MAX_ARRAYS, handles));
  return new Map([...kernels, ...aliasKernels(handles, kernels)]);
}
