import type { Op } from '@tensorloom/graph';
import { alongAxisLoops } from './along-axis.js';
import { checkKernels } from './check.js';
import { createLoops } from './create.js';
import { elementwiseLoops } from './elementwise.js';
import { indexingLoops } from './gather.js';
import { type HostKernel, type HostLoops, hostKernel } from './host-kernel.js';
import { matrixLoops } from './matmul.js';
import { reduceLoops } from './reduce.js';
import { shapeLoops } from './shape.js';
import { stridedLoops } from './strided-slice.js';

/** Plain loops for every op that computes, over typed arrays that the caller provides. */
export const hostLoops: ReadonlyMap<Op, HostLoops> = new Map([
  ...elementwiseLoops,
  ...shapeLoops,
  ...stridedLoops,
  ...reduceLoops,
  ...matrixLoops,
  ...createLoops,
  ...indexingLoops,
  ...alongAxisLoops,
]);

/**
 * Plain loops in host memory for every op that computes: the runtime's arithmetic on shapes and counters, and what the
 * reference backend serves.
 */
export const hostKernels: ReadonlyMap<Op, HostKernel> = new Map([
  ...Array.from(hostLoops, ([op, loops]): [Op, HostKernel] => [op, hostKernel(op, loops)]),
  ...checkKernels,
]);
