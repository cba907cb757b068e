import { alongAxisMethods } from './along-axis.js';
import { checkMethods } from './check.js';
import { createMethods } from './create.js';
import { diagonalMethods } from './diagonal.js';
import { elementwiseMethods } from './elementwise.js';
import { gatherMethods } from './gather.js';
import { joinMethods } from './join.js';
import { matrixMethods } from './matmul.js';
import { reduceLogsumexpMethods } from './reduce-logsumexp.js';
import { reduceMethods } from './reduce.js';
import { selectMethods } from './select.js';
import { sequenceMaskMethods } from './sequence-mask.js';
import { shapeMethods } from './shape.js';
import { stridedSliceMethods } from './strided-slice.js';
import { tensordotMethods } from './tensordot.js';
import { tileMethods } from './tile.js';

/**
 * The functions that tensors and variables have as methods. A function, because ops and tensors import each other: the tables
 * are read when the first tensor is made.
 */
export const tensorMethods = () => ({
  ...elementwiseMethods,
  ...selectMethods,
  ...shapeMethods,
  ...joinMethods,
  ...stridedSliceMethods,
  ...tileMethods,
  ...gatherMethods,
  ...alongAxisMethods,
  ...reduceMethods,
  ...reduceLogsumexpMethods,
  ...matrixMethods,
  ...tensordotMethods,
  ...createMethods,
  ...diagonalMethods,
  ...sequenceMaskMethods,
  ...checkMethods,
});

/** The methods, by name. */
export type TensorMethods = ReturnType<typeof tensorMethods>;
