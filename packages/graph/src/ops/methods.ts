import { createMethods } from './create.js';
import { elementwiseMethods } from './elementwise.js';
import { joinMethods } from './join.js';
import { matrixMethods } from './matmul.js';
import { reduceMethods } from './reduce.js';
import { selectMethods } from './select.js';
import { shapeMethods } from './shape.js';

/**
 * The functions that tensors and variables have as methods. A function, because ops and tensors import each other: the tables
 * are read when the first tensor is made.
 */
export const tensorMethods = () => ({
  ...elementwiseMethods,
  ...selectMethods,
  ...shapeMethods,
  ...joinMethods,
  ...reduceMethods,
  ...matrixMethods,
  ...createMethods,
});

/** The methods, by name. */
export type TensorMethods = ReturnType<typeof tensorMethods>;
