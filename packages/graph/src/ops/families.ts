import type { Family } from '../op.js';
import { alongAxis } from './along-axis.js';
import { check } from './check.js';
import { control } from './control.js';
import { create } from './create.js';
import { elementwise, mixed } from './elementwise.js';
import { indexing } from './gather.js';
import { list } from './list.js';
import { matrix } from './matmul.js';
import { random } from './random.js';
import { reduce } from './reduce.js';
import { shape } from './shape.js';
import { state } from './state.js';
import { strided } from './strided-slice.js';

/** The families whose ops compute: backends have kernels for them, unless they run on the host. */
export const computing = {
  elementwise,
  mixed,
  shape,
  strided,
  reduce,
  matrix,
  create,
  indexing,
  alongAxis,
} satisfies Readonly<Record<string, Family>>;

/** All families of ops; those that do not compute are run by the runtime itself. */
export const families = { ...computing, random, state, list, control, check } satisfies Readonly<
  Record<string, Family>
>;
