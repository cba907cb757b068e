import type { Op } from '@tensorloom/graph';
import { alongAxisSamplers } from './along-axis.js';
import { createSamplers } from './create.js';
import { elementwiseSamplers } from './elementwise.js';
import { indexingSamplers } from './gather.js';
import { matrixSamplers } from './matmul.js';
import { reduceSamplers } from './reduce.js';
import type { Sampler } from './sampler.js';
import { shapeSamplers } from './shape.js';
import { stridedSamplers } from './strided-slice.js';

/** How to draw samples of every op that a backend may have a kernel for. */
export const samplers: ReadonlyMap<Op, Sampler> = new Map<Op, Sampler>([
  ...elementwiseSamplers,
  ...shapeSamplers,
  ...stridedSamplers,
  ...reduceSamplers,
  ...matrixSamplers,
  ...createSamplers,
  ...indexingSamplers,
  ...alongAxisSamplers,
]);
