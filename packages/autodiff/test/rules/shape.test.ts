import {
  type Tensor,
  broadcastTo,
  concat,
  expandDims,
  pad,
  reshape,
  resetDefaultGraph,
  reverse,
  shape,
  shapeOf,
  slice,
  split,
  squeeze,
  stack,
  sumToLike,
  transpose,
  unstack,
} from '@tensorloom/graph';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, test } from 'vitest';
import { walkRules } from './walk.js';

beforeEach(() => resetDefaultGraph());

describe('the family', () => walkRules(shape));

/** Something curved, so that second derivatives are not zero. */
const bend = (x: Tensor): Tensor => x.mul(x.sin());

const cases: Record<string, (x: Tensor, y: Tensor) => Tensor | Tensor[]> = {
  reshape: (x) => reshape(x, [3, -1]),
  'reshape to a computed shape': (x) => reshape(x, shapeOf(transpose(x))),
  transpose: (x) => transpose(x),
  'transpose of rank 3': (x, y) => transpose(stack([x, y]), [1, 2, 0]),
  expandDims: (x) => expandDims(x, -1),
  squeeze: (x) => squeeze(expandDims(x, 1), 1),
  concat: (x, y) => concat([x, y, x], 1),
  stack: (x, y) => stack([x, y, x], { axis: 1 }),
  unstack: (x) => unstack(x, { axis: 1, num: 3 }).slice(1),
  split: (x) => split(x, [1, 2], { axis: 1 }).slice(0, 1),
  slice: (x) => slice(x, [1, 0], [1, -1]),
  pad: (x) =>
    pad(x, [
      [1, 0],
      [0, 2],
    ]),
  reverse: (x) => reverse(x, [0, 1]),
  broadcastTo: (x, y) => broadcastTo(slice(x, [0, 0], [1, 3]), shapeOf(y)),
  sumTo: (x, y) => sumToLike(stack([x, y]), slice(x, [0, 0], [1, 3])),
};

describe.each(Object.entries(cases))('%s, orders 1 and 2', (_, build) => {
  const matrices = fc.tuple(ndarrays('float64', [2, 3]), ndarrays('float64', [2, 3]), fc.nat(1000));
  test.each([[[2, 3] as (number | null)[]], [[null, 3]], [[null, null]]])('placeholders of shape %j', (known) => {
    fc.assert(
      fc.property(matrices, ([x, y, seed]) => {
        checkGradients({
          inputs: [x, y],
          shapes: [known, known],
          order: 2,
          seed,
          build: ([a, b]) => [build(bend(a), bend(b))].flat(),
        });
      }),
      { numRuns: 3 },
    );
  });
});
