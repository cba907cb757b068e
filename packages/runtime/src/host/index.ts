import type { Op } from '@tensorloom/graph';
import { checkKernels } from './check.js';
import { createKernels } from './create.js';
import { elementwiseKernels } from './elementwise.js';
import type { HostKernel } from './host-kernel.js';
import { matrixKernels } from './matmul.js';
import { reduceKernels } from './reduce.js';
import { shapeKernels } from './shape.js';

/**
 * Plain loops in host memory for every op that computes: the runtime's arithmetic on shapes and counters, and what the
 * reference backend serves.
 */
export const hostKernels: ReadonlyMap<Op, HostKernel> = new Map([
  ...elementwiseKernels,
  ...shapeKernels,
  ...reduceKernels,
  ...matrixKernels,
  ...createKernels,
  ...checkKernels,
]);
