import type { Op } from '@tensorloom/graph';
import { elementwiseOps } from './elementwise.js';
import { indexingOps } from './indexing.js';
import { joinOps } from './join.js';
import type { LoopOp } from './loop-op.js';
import { matmulOps } from './matmul.js';
import { reduceOps } from './reduce.js';
import { shapeOps } from './shape.js';

/** The ops that a compiled loop can do. */
export const loopOps: ReadonlyMap<Op, LoopOp> = new Map([
  ...elementwiseOps,
  ...indexingOps,
  ...joinOps,
  ...matmulOps,
  ...reduceOps,
  ...shapeOps,
]);
